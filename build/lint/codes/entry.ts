import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import type { Entry, Example } from '../rule.ts'

type Code = Diagnostic['code']
type Files = Example['files']

/** What shows a code: trees that have it, each with its places, and at most one that is mended. */
export interface Shown {
  readonly ok?: Files
  readonly notOk?: readonly (readonly [files: Files, ...at: readonly string[]])[]
}

export function anError(code: Code, summary: string, shown: Shown = {}): Entry {
  return entryOf({ code, severity: 'error', summary }, shown)
}

export function aWarning(code: Code, summary: string, shown: Shown = {}): Entry {
  return entryOf({ code, severity: 'warning', summary }, shown)
}

function entryOf(said: Pick<Entry, 'code' | 'severity' | 'summary'>, { ok, notOk = [] }: Shown): Entry {
  return {
    ...said,
    ok: ok === undefined ? [] : [{ files: ok }],
    notOk: notOk.map(([files, ...at]) => ({ files, at })),
  }
}

/** The prompt `task` of the flow `demo`, with lines of frontmatter added. */
export function task(lines = '', body = 'Do it.\n'): Files {
  return { 'agents/demo/task.md': promptText('task', `model: m1\n${lines}`, body) }
}

/** A prompt of the flow `demo`, by its own lines alone. */
export function prompt(type: string, lines: string, body = 'Do it.\n'): Files {
  return { [`agents/demo/${type}.md`]: promptText(type, lines, body) }
}

function promptText(type: string, lines: string, body: string): string {
  return `---\ntype: ${type}\nflow: demo\n${lines}---\n${body}`
}

/** The group `setup`: its config, and a template unless there is another. */
export function group(config: string, others: Files = {}): Files {
  return { 'skills/setup/config.yaml': config, 'skills/setup/t.md': '# Set up {display_name}\n', ...others }
}

/** The config of a sound group of one variant, with lines added to the group and to the variant. */
export function config(groupLines = '', variantLines = ''): string {
  return `${SETUP}${groupLines}variants:\n${WEB}${variantLines}`
}

/** First lines of a sound group; line 3 is the next. */
export const SETUP = 'template: t.md\ndescription: Sets up {display_name}\n'
/** A sound variant, three lines. */
export const WEB = '  - id: web\n    display_name: Web\n    framework: web\n'
