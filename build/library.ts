import { comparePaths } from './content-path.ts'
import { errorAt, type Report } from './finding.ts'
import { splitFrontmatter } from './frontmatter.ts'
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
  /** Undefined when the file is missing or broken; what is broken has been told. */
  readonly markdown: (path: string, presence: 'required' | 'optional') => Markdown | undefined
  readonly yaml: (path: string) => Yaml | undefined
}

/**
 * Opens a tree for reading. What is `unread` is known to be there, and has been told: whoever asks for it is
 * given nothing, and nobody takes it for missing.
 */
export function openLibrary(
  files: readonly SourceFile[],
  report: Report,
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
    markdown: (path, presence) => {
      const file = byPath.get(path)
      return remember(markdown, path, () => file && parseMarkdown(file, presence, report))
    },
    yaml: (path) => {
      const file = byPath.get(path)
      return remember(yaml, path, () => file && parseYaml(file, report))
    },
  }
}

function remember<Value>(memo: Map<string, Value>, key: string, make: () => Value): Value {
  if (!memo.has(key)) memo.set(key, make())
  return memo.get(key) as Value
}

function parseMarkdown(
  file: SourceFile,
  presence: 'required' | 'optional',
  report: Report,
): Markdown | undefined {
  const text = decode(file, report)
  const split = text && splitFrontmatter(text, presence, report)
  if (text === undefined || split === undefined) return undefined
  const { matter, matterOffset, body, bodyOffset } = split
  if (matter === undefined) return { ...text, frontmatter: undefined, body, bodyOffset }
  const frontmatter = readYaml(text, { text: matter, offset: matterOffset }, report)
  return frontmatter && { ...text, frontmatter, body, bodyOffset }
}

function parseYaml(file: SourceFile, report: Report): Yaml | undefined {
  if (file.bytes.length > MAX_YAML_BYTES) {
    const message = `Cannot read ${file.bytes.length} bytes of YAML: expected at most ${MAX_YAML_BYTES}`
    report(errorAt({ path: file.path, ...START }, { code: 'parse/yaml-size', message }))
    return undefined
  }
  const text = decode(file, report)
  return text && readYaml(text, { text: text.text, offset: 0 }, report)
}
