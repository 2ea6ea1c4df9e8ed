import { didYouMean } from '../../schemas/suggest.ts'
import { errorAt, quote, type Report } from '../finding.ts'
import type { Markdown } from '../library.ts'

/** Characters of an expanded text; includes of includes grow fast. */
const MAX_EXPANDED = 1024 * 1024

/** Puts partials in place of `{{> name}}` lines. */
export interface Partials {
  /** A body with its includes in place; undefined after telling which include has failed. */
  readonly expand: (markdown: Markdown, report: Report) => string | undefined
  /** One partial with its includes in place; undefined when there is none or it is broken. */
  readonly text: (name: string) => string | undefined
}

/** Reads every partial once, telling what is wrong with it, used or not. */
export function openPartials(files: ReadonlyMap<string, Markdown | undefined>, report: Report): Partials {
  const texts = new Map<string, string | undefined>()
  const expandIn = (markdown: Markdown, stack: readonly string[], tell: Report): string | undefined => {
    const lines = markdown.body.split('\n')
    let sound = true
    let offset = markdown.bodyOffset
    const expanded = lines.map((line) => {
      const place = { path: markdown.path, ...markdown.positionOf(offset + line.indexOf('{{>')) }
      offset += line.length + 1
      const include = readInclude(line)
      if (include === undefined) return line
      const problem = includeProblem(include, stack, files)
      if (problem !== undefined) tell(errorAt(place, problem))
      const text = problem === undefined ? resolve(include, stack) : undefined
      sound &&= text !== undefined
      return text ?? ''
    })
    if (!sound) return undefined
    const text = expanded.join('\n')
    if (text.length <= MAX_EXPANDED) return text
    const message = `Cannot expand to ${text.length} characters: expected at most ${MAX_EXPANDED}`
    tell(errorAt({ path: markdown.path, line: 1, column: 1 }, { code: 'expand/too-large', message }))
    return undefined
  }
  const resolve = (name: string, stack: readonly string[]): string | undefined => {
    if (!texts.has(name)) {
      const markdown = files.get(name)
      const text = markdown && expandIn(markdown, [...stack, name], report)
      texts.set(name, text === undefined ? undefined : withoutTrailingLines(text))
    }
    return texts.get(name)
  }
  for (const name of files.keys()) resolve(name, [])
  return { expand: (markdown, tell) => expandIn(markdown, [], tell), text: (name) => texts.get(name) }
}

/** The name that a line includes; `undefined` for any other line. */
function readInclude(line: string): string | undefined {
  const text = line.trim()
  if (text.startsWith('{{>') && text.endsWith('}}')) return text.slice(3, -2).trim()
  // Between backticks an author writes about includes.
  return line.includes('{{>') && !line.includes('`') ? text : undefined
}

function includeProblem(
  name: string,
  stack: readonly string[],
  files: ReadonlyMap<string, Markdown | undefined>,
):
  | {
      readonly code: `expand/${string}`
      readonly message: string
      readonly fix?: ReturnType<typeof didYouMean>
    }
  | undefined {
  if (name.includes('{{>')) {
    const message = `Cannot include a partial inside the line ${quote(name)}: expected {{> name}} on a line of its own`
    return { code: 'expand/partial-inline', message }
  }
  if (stack.includes(name)) {
    const message = `Cannot include ${quote(name)} in itself: ${[...stack.slice(stack.indexOf(name)), name].join(' → ')}, expected an end`
    return { code: 'expand/partial-cycle', message }
  }
  if (!files.has(name)) {
    const message = `Cannot include ${quote(name)}: expected the name of a file shared/<name>.md`
    return { code: 'expand/partial-unknown', message, fix: didYouMean(name, files.keys()) }
  }
  return undefined
}

function withoutTrailingLines(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}
