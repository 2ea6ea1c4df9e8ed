import { visible } from '../../schemas/hidden-text.ts'
import { CATALOGUE } from './catalogue.ts'
import type { Entry, Example } from './rule.ts'

/** What a build says of an example of what is not well. */
export type Messages = (example: Example, entry: Entry) => readonly string[]

/** `docs/rules.md`: every code, what it means, and how it comes about. */
export function rulesPage(messages: Messages): string {
  const stages = Map.groupBy(CATALOGUE, ({ code }) => code.split('/', 1)[0] ?? code)
  const list = [...stages].map(([stage, entries]) => {
    return `- ${stage}: ${entries.map(({ code }) => `[\`${code}\`](#${anchor(code)})`).join(', ')}`
  })
  return [
    INTRODUCTION,
    list.join('\n'),
    ...[...stages].flatMap(([stage, entries]) => [
      `## ${stage}`,
      ...entries.map((entry) => section(entry, messages)),
    ]),
  ]
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = `# What the compiler says

This page is written from the catalogue of codes by \`vitest run test/build/lint/rules.test.ts -u\`; the examples in it are also the tests. Each example is laid over a small sound tree: a flow \`demo\` of the prompts \`seed\`, \`task\` and \`user\`, and a skill \`plain\` that \`user\` names. A path that begins with \`../\` lies beside the content root, and under an address stands what its source answers. Below each example that is not ok stands what the compiler says of it.

An error keeps what it is about from being served; everything else is. A warning keeps nothing back. \`<!-- mill-ignore code: why -->\` (in YAML and frontmatter: \`# mill-ignore code: why\`) silences a warning on its own line and the next; directly under the frontmatter, for the whole file. Errors cannot be silenced. A finding of a safety rule that somebody answers for is waived in \`waivers.yaml\`: a list of \`{rule, path, digest, reason}\`, where the digest is that of the offending text, as the finding tells it.`

function anchor(code: string): string {
  return code.replace('/', '')
}

function section(entry: Entry, messages: Messages): string {
  const { code, severity, summary, ok, notOk } = entry
  return [
    `### ${code}`,
    `**${severity}.** ${summary}`,
    ...notOk.flatMap((example) => [
      `Not ok, at ${(example.at ?? []).map((at) => `\`${at}\``).join(', ')}:`,
      shown(example),
      ...messages(example, entry).map((message) => `> ${escaped(message)}`),
    ]),
    ...ok.flatMap((example) => ['Ok:', shown(example)]),
  ].join('\n\n')
}

/** Content as a reader of markdown sees it: none of it is markup. */
function escaped(message: string): string {
  return visible(message).replace(/[\\`*_[\]<>&|#~]/g, '\\$&')
}

/** Files of an example that are shown. */
const MAX_FILES = 4
/** Lines of a file that are shown. */
const MAX_LINES = 16
/** Times that a line is shown which is repeated to the end. */
const MAX_REPEATED = 3
const MAX_WIDTH = 160

function shown({ files }: Example): string {
  const all = Object.entries(files)
  const texts = all.slice(0, MAX_FILES).flatMap(([path, content]) => {
    if (content === undefined) return [`# ${path}: not there`]
    const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
    if (text.startsWith('HTTP ')) return [`# ${path} answers ${text}`]
    if (text.startsWith('LINK ')) return [`# ${path} is a symbolic link to ${text.slice('LINK '.length)}`]
    return [`# ${path}`, ...excerpt(text)]
  })
  if (all.length > MAX_FILES) texts.push(`# and ${all.length - MAX_FILES} more files`)
  return ['````text', ...texts, '````'].join('\n')
}

/** The first lines of a text, and of a line that is repeated to the end only a few. */
function excerpt(text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n')
  const differing = lines.findLastIndex((line) => line !== lines.at(-1)) + 1
  const most = Math.min(MAX_LINES, differing + MAX_REPEATED)
  const cut = lines.slice(0, most).map((line) => {
    const seen = visible(line)
    return seen.length > MAX_WIDTH ? `${seen.slice(0, MAX_WIDTH)}…` : seen
  })
  return lines.length > most ? [...cut, `… ${lines.length - most} more lines`] : cut
}
