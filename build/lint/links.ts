import { quote } from '../finding.ts'
import { type DeadLink, deadLinks } from './dead-links.ts'
import type { Rule, Tell } from './rule.ts'
import type { Subject } from './subject.ts'

const skill = (body: string, others: Readonly<Record<string, string>> = {}) => ({
  'skills/plain/SKILL.md': `---\nname: plain\ndescription: A plain skill\n---\n${body}\n`,
  ...others,
})
const STEPS = { 'skills/plain/references/steps.md': '# Steps\n\n## First step\n\nGo.\n' }

/** What is found once is told by the rule that it belongs to. */
function telling(reason: DeadLink['reason'], message: (link: DeadLink) => string) {
  return (subject: Subject, tell: Tell) => {
    for (const link of deadLinks(subject)) {
      if (link.reason !== reason) continue
      tell(link.place, { message: message(link), fix: link.fix, units: link.units })
    }
  }
}

export const deadLink: Rule = {
  code: 'lint/dead-link',
  severity: 'error',
  summary:
    'A relative link leads to a file that is not served with the text. A skill carries its own files; a prompt is served alone. In a template, a link has to hold in every skill that is made from it.',
  ok: [{ files: skill('See [the steps](references/steps.md).', STEPS) }],
  notOk: [
    { files: skill('See [the steps](references/step.md).', STEPS), at: ['skills/plain/SKILL.md:5:17'] },
    {
      files: { 'agents/demo/task.md': '---\ntype: task\nflow: demo\nmodel: m1\n---\nSee [it](other.md).\n' },
      at: ['agents/demo/task.md:6:10'],
    },
  ],
  check: telling('missing', ({ target, units }) =>
    units[0]?.of.kind === 'prompt' || units[0]?.of.kind === 'contract'
      ? `Cannot follow ${quote(target)}: a prompt is served alone, expected an address or plain words`
      : `Cannot follow ${quote(target)} in ${named(units)}: expected a file that is served with it`,
  ),
}

export const deadAnchor: Rule = {
  code: 'lint/dead-anchor',
  severity: 'error',
  summary: 'A link leads to a heading that the file it names does not have.',
  ok: [{ files: skill('See [how to begin](references/steps.md#first-step).', STEPS) }],
  notOk: [
    {
      files: skill('See [how to begin](references/steps.md#first-steps).', STEPS),
      at: ['skills/plain/SKILL.md:5:20'],
    },
  ],
  check: telling(
    'anchor',
    ({ target, units }) =>
      `Cannot follow ${quote(target)} in ${named(units)}: expected a heading of that name`,
  ),
}

export const linkOutside: Rule = {
  code: 'lint/link-outside',
  severity: 'error',
  summary: 'A relative link leads out of the skill. Whoever installs the skill has nothing there.',
  ok: [{ files: skill('See [the steps](./references/steps.md).', STEPS) }],
  notOk: [{ files: skill('See [it](../other/SKILL.md).'), at: ['skills/plain/SKILL.md:5:10'] }],
  check: telling(
    'outside',
    ({ target }) => `Cannot follow ${quote(target)}: it leads out of the skill, expected a path inside it`,
  ),
}

function named([first, ...others]: DeadLink['units']): string {
  const name = quote(first?.name)
  return others.length === 0 ? name : `${name} and ${others.length} more`
}
