import { didYouMean } from '../../schemas/suggest.ts'
import { errorAt, type Finding, quote, type Report } from '../finding.ts'
import type { Markdown } from '../library.ts'
import type { PartialSources } from '../sources.ts'

/** Characters of an expanded text; includes of includes grow fast. */
const MAX_EXPANDED = 1024 * 1024

/** Reads every partial once, telling what is wrong with it, used or not. */
export function openPartials(
  files: ReadonlyMap<string, Markdown | undefined>,
  report: Report,
): PartialSources {
  const names = [...files.keys()]
  const texts = new Map<string, string | undefined>()
  const isPartial = (name: string) => files.has(name)
  const partialNames = () => names
  const resolve = (name: string, above: readonly string[]): string | undefined => {
    if (!texts.has(name)) {
      const stack = [...above, name]
      const sources = { isPartial, partialNames, partial: (inner: string) => resolve(inner, stack) }
      const markdown = files.get(name)
      const text = markdown && includeIn(markdown, { sources, stack }, report)
      texts.set(name, text === undefined ? undefined : withoutTrailingLines(text))
    }
    return texts.get(name)
  }
  for (const name of names) resolve(name, [])
  return { isPartial, partialNames, partial: (name) => texts.get(name) }
}

/** A body with partials in place of its `{{> name}}` lines; undefined after telling which include has failed. */
export function expandIncludes(
  markdown: Markdown,
  sources: PartialSources,
  report: Report,
): string | undefined {
  return includeIn(markdown, { sources, stack: [] }, report)
}

/** A line of a source file. */
export interface SourceLine {
  readonly path: string
  readonly line: number
}

/** Where each line of a body comes from once its includes are in place. */
export function includedLines(
  markdown: Markdown,
  partials: Pick<PartialSources, 'partial'> & { readonly files: ReadonlyMap<string, Markdown | undefined> },
): SourceLine[] {
  const first = markdown.positionOf(markdown.bodyOffset).line
  return markdown.body.split('\n').flatMap((line, at) => {
    const name = readInclude(line) ?? ''
    const [file, text] = [partials.files.get(name), partials.partial(name)]
    if (file === undefined || text === undefined) return [{ path: markdown.path, line: first + at }]
    return includedLines(file, partials).slice(0, text.split('\n').length)
  })
}

interface Including {
  readonly sources: PartialSources
  /** Names of the partials that are being read. */
  readonly stack: readonly string[]
}

function includeIn(markdown: Markdown, including: Including, report: Report): string | undefined {
  // The very same text, so that all who carry it share it.
  if (!markdown.body.includes('{{>') && markdown.body.length <= MAX_EXPANDED) return markdown.body
  let sound = true
  let offset = markdown.bodyOffset
  const expanded = markdown.body.split('\n').map((line) => {
    const at = offset + line.indexOf('{{>')
    offset += line.length + 1
    const include = readInclude(line)
    if (include === undefined) return line
    const problem = includeProblem(include, including)
    if (problem !== undefined) report(errorAt({ path: markdown.path, ...markdown.positionOf(at) }, problem))
    const text = problem === undefined ? including.sources.partial(include) : undefined
    sound &&= text !== undefined
    return text ?? ''
  })
  if (!sound) return undefined
  const text = expanded.join('\n')
  if (text.length <= MAX_EXPANDED) return text
  const message = `Cannot expand to ${text.length} characters: expected at most ${MAX_EXPANDED}`
  report(errorAt({ path: markdown.path, line: 1, column: 1 }, { code: 'expand/too-large', message }))
  return undefined
}

/** The name that a line includes; `undefined` for any other line. */
function readInclude(line: string): string | undefined {
  const text = line.trim()
  if (text.startsWith('{{>') && text.endsWith('}}')) return text.slice(3, -2).trim()
  // Between backticks an author writes about includes.
  return line.includes('{{>') && !line.includes('`') ? text : undefined
}

function includeProblem(name: string, { sources, stack }: Including): Finding | undefined {
  if (name.includes('{{>')) {
    const message = `Cannot include a partial inside the line ${quote(name)}: expected {{> name}} on a line of its own`
    return { code: 'expand/partial-inline', message }
  }
  if (stack.includes(name)) {
    const message = `Cannot include ${quote(name)} in itself: ${[...stack.slice(stack.indexOf(name)), name].join(' → ')}, expected an end`
    return { code: 'expand/partial-cycle', message }
  }
  if (!sources.isPartial(name)) {
    const message = `Cannot include ${quote(name)}: expected the name of a file shared/<name>.md`
    return { code: 'expand/partial-unknown', message, fix: didYouMean(name, sources.partialNames()) }
  }
  return undefined
}

function withoutTrailingLines(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}
