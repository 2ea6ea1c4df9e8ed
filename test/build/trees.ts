import { contentPathProblem } from '../../build/content-path.ts'
import type { SourceTree } from '../../build/release.ts'
import { fc } from '../properties.ts'

/** A tree held in memory: path → text or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export function treeOf(files: Files): SourceTree {
  return {
    diagnostics: [],
    files: Object.entries(files).map(([path, content]) => ({
      path,
      bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    })),
  }
}

export const SEED =
  '---\ntype: seed\nflow: demo\nseed: true\nmodel_sdk: claude-haiku-4-5-20251001\n---\nQueue the tasks.\n'
export const TASK = '---\ntype: task\nflow: demo\nmodel_sdk: claude-haiku-4-5-20251001\n---\nDo it.\n'
export const SKILL = '---\nname: plain\ndescription: A plain skill\n---\n# Plain\n'
export const SOUND: Files = {
  'agents/demo/seed.md': SEED,
  'agents/demo/task.md': TASK,
  'skills/plain/SKILL.md': SKILL,
}

const word = fc
  .stringMatching(/^[a-z][a-z0-9]{1,6}$/)
  .filter((name) => contentPathProblem(name) === undefined)
const line = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 ,.'()äöü👍-]{0,40}[a-z]$/u)
const markdown = fc
  .array(line, { minLength: 1, maxLength: 5 })
  .map((lines) => `# Title\n\n${lines.join('\n\n')}\n`)

/** A group that serves the frameworks given. */
function groupFiles(key: string, frameworks: readonly string[]): fc.Arbitrary<Files> {
  return fc
    .record({
      template: markdown,
      bundled: fc.boolean(),
      references: fc.array(markdown, { maxLength: 3 }),
      tags: fc.array(word),
    })
    .map(({ template, bundled, references, tags }) => ({
      [`skills/${key}/config.yaml`]: [
        `description: A skill ${JSON.stringify(key)} for {display_name}`,
        'template: template.md',
        `tags: [${tags.join(', ')}]`,
        ...(bundled ? ['packaging: bundle'] : []),
        'variants:',
        ...frameworks.flatMap((id) => [
          `  - id: ${id}`,
          `    display_name: App ${id}`,
          `    framework: ${id}`,
        ]),
        '',
      ].join('\n'),
      [`skills/${key}/template.md`]: `${template}\n{workflow}\n\n{references}\n\n{commandments}\n`,
      ...Object.fromEntries(
        references.map((text, at) => [
          `skills/${key}/references/${at}.md`,
          `---\nnext_step: ${at + 1 < references.length ? `${at + 1}.md` : 'null'}\n---\n${text}`,
        ]),
      ),
    }))
}

/** Trees without a single problem, each with a flow, groups and plain skills. */
export const soundTrees: fc.Arbitrary<Files> = fc
  .record({
    types: fc.uniqueArray(
      word.filter((name) => name !== 'seed'),
      { minLength: 1, maxLength: 5 },
    ),
    groups: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }),
    frameworks: fc.uniqueArray(
      word.filter((name) => name !== 'all'),
      { minLength: 1, maxLength: 3 },
    ),
    body: markdown,
    rules: fc.array(line, { minLength: 1, maxLength: 3 }),
  })
  .chain(({ types, groups, frameworks, body, rules }) => {
    const prompts = types.map((type, at) => {
      const after = types.slice(0, at).join(', ')
      return [
        `agents/flow/${type}.md`,
        `---\ntype: ${type}\nflow: flow\nmodel: m1\ndependsOn: [${after}]\nskills:\n${groups.map((key) => `  - g-${key}`).join('\n')}\n---\n${body}{{> part}}\n`,
      ]
    })
    const own: Files = {
      ...Object.fromEntries(prompts),
      'agents/flow/seed.md': '---\ntype: seed\nflow: flow\nseed: true\nmodel_pi: m2\n---\nPlan.\n',
      'shared/part.md': body,
      'commandments.yaml': `all:\n${rules.map((rule) => `  - ${JSON.stringify(rule)}`).join('\n')}\n`,
    }
    return fc
      .tuple(...groups.map((key) => groupFiles(`g/${key}`, frameworks)))
      .map((all) => Object.assign({}, own, ...all) as Files)
  })
