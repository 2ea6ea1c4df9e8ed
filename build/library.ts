import type { Diagnostic } from '../schemas/diagnostic.ts'
import { comparePaths } from './content-path.ts'
import { errorAt, type Report } from './finding.ts'
import { type Split, splitFrontmatter } from './frontmatter.ts'
import type { Stage } from './memo.ts'
import { parsedYaml } from './parsed-yaml.ts'
import { START } from './position.ts'
import type { SourceFile } from './release.ts'
import { decode, type Text } from './text.ts'
import { readYaml, type Yaml } from './yaml.ts'

const MAX_YAML_BYTES = 1024 * 1024

/** A markdown file whose frontmatter is read but not yet known to be what its place asks for. */
export interface Markdown extends Text {
  readonly frontmatter: Yaml | undefined
  readonly body: string
  readonly bodyOffset: number
}

/** The files of a tree, each parsed at most once, so that a finding is told once however many documents use the file. */
export interface Library {
  /** Every path there is, those of files that could not be read included. */
  readonly paths: readonly string[]
  readonly has: (path: string) => boolean
  readonly bytes: (path: string) => Uint8Array | undefined
  /** Undefined when the file is missing or no text. What is wrong with it is told to whoever reads it as what it is. */
  readonly text: (path: string) => Text | undefined
  /** Undefined when the file is missing or broken; what is broken has been told. */
  readonly markdown: (path: string, presence: 'required' | 'optional') => Markdown | undefined
  readonly yaml: (path: string) => Yaml | undefined
  /** Every path inside a folder, sorted. */
  readonly folder: (path: string) => readonly string[]
}

/**
 * Opens a tree for reading. What is `unread` is known to be there, and has been told: whoever asks for it is
 * given nothing, and nobody takes it for missing.
 */
export function openLibrary(
  files: readonly SourceFile[],
  { report, memo }: Stage,
  unread: Iterable<string> = [],
): Library {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const known = new Set([...byPath.keys(), ...unread])
  const paths = [...known].sort(comparePaths)
  const markdown = new Map<string, Markdown | undefined>()
  const yaml = new Map<string, Yaml | undefined>()
  return {
    paths,
    has: (path) => known.has(path),
    bytes: (path) => byPath.get(path)?.bytes,
    text: (path) => {
      const file = byPath.get(path)
      return file && memo.of(decodeOnce, file).text
    },
    markdown: (path, presence) => {
      const file = byPath.get(path)
      return remember(markdown, path, () => {
        const text = file && told(memo.of(decodeOnce, file), report)
        return text && memo.told(presence === 'required' ? withFrontmatter : parseMarkdown, text, report)
      })
    },
    yaml: (path) => {
      const file = byPath.get(path)
      return remember(yaml, path, () => {
        if (file === undefined || isTooLarge(file, report)) return undefined
        return memo.told(parseYaml, file, report)
      })
    },
    folder: (path) => within(`${path}/`, paths),
  }
}

function remember<Value>(memo: Map<string, Value>, key: string, make: () => Value): Value {
  if (!memo.has(key)) memo.set(key, make())
  return memo.get(key) as Value
}

interface Decoded {
  readonly text: Text | undefined
  readonly diagnostics: readonly Diagnostic[]
}

function decodeOnce(file: SourceFile): Decoded {
  const diagnostics: Diagnostic[] = []
  const text = decode(file, (diagnostic) => diagnostics.push(diagnostic))
  return { text, diagnostics }
}

function told({ text, diagnostics }: Decoded, report: Report): Text | undefined {
  for (const diagnostic of diagnostics) report(diagnostic)
  return text
}

function withFrontmatter(text: Text, report: Report): Markdown | undefined {
  return markdownOf(text, splitFrontmatter(text, 'required', report), report)
}

function parseMarkdown(text: Text, report: Report): Markdown | undefined {
  return markdownOf(text, splitFrontmatter(text, 'optional', report), report)
}

function markdownOf(text: Text, split: Split | undefined, report: Report): Markdown | undefined {
  if (split === undefined) return undefined
  const { matter, matterOffset, body, bodyOffset } = split
  if (matter === undefined) return { ...text, frontmatter: undefined, body, bodyOffset }
  const frontmatter = readYaml(text, { text: matter, offset: matterOffset }, report)
  return frontmatter && { ...text, frontmatter, body, bodyOffset }
}

function isTooLarge({ path, bytes }: SourceFile, report: Report): boolean {
  if (bytes.length <= MAX_YAML_BYTES) return false
  const message = `Cannot read ${bytes.length} bytes of YAML: expected at most ${MAX_YAML_BYTES}`
  report(errorAt({ path, ...START }, { code: 'parse/yaml-size', message }))
  return true
}

function parseYaml(file: SourceFile, report: Report): Yaml | undefined {
  const { yaml, diagnostics } = parsedYaml(file)
  for (const diagnostic of diagnostics) report(diagnostic)
  return yaml
}

/** The paths that begin with a prefix: in sorted paths they stand together. */
function within(prefix: string, paths: readonly string[]): readonly string[] {
  let low = 0
  let high = paths.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comparePaths(paths[middle] ?? '', prefix) < 0) low = middle + 1
    else high = middle
  }
  let end = low
  while (paths[end]?.startsWith(prefix) === true) end++
  return paths.slice(low, end)
}
