import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { codePoint, hiddenCharacters } from '../../schemas/hidden-text.ts'
import { comparePaths, contentPathProblem } from '../content-path.ts'
import { type Finding, warningAt } from '../finding.ts'
import { type Position, positions, START } from '../position.ts'
import type { SourceFile } from '../release.ts'
import { applyMarkers } from './markers.ts'
import type { Skip } from './skip.ts'

/** Bytes of the largest file of an example app that is shown. */
export const MAX_EXAMPLE_FILE_BYTES = 256 * 1024
/** Bytes that the files of one example app may have together. */
const MAX_EXAMPLE_BYTES = 2 * 1024 * 1024

export interface ExampleOptions {
  /** Folder of the app, relative to the folder that holds the content root. */
  readonly path: string
  readonly skip: Skip
}

export interface Example {
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Writes an example app as markdown, but for the heading that says what it is called: its README first, then its
 * files by path, each in a fence.
 */
export function renderExample(files: readonly SourceFile[], options: ExampleOptions): Example {
  const diagnostics: Diagnostic[] = []
  const sections = [`Path: \`${options.path}\``]
  let size = 0
  let leftOut = 0
  for (const file of inOrder(files)) {
    if (options.skip(file.path)) continue
    const shown = shownText(file)
    diagnostics.push(...shown.findings.map((found) => warningAt(placeOf(file, found, options), found)))
    if (shown.text === undefined || shown.text.trim() === '') continue
    const section = fenced(file.path, shown.text)
    const fits = size + Buffer.byteLength(section) <= MAX_EXAMPLE_BYTES
    if (fits) sections.push(section)
    else leftOut++
    size += fits ? Buffer.byteLength(section) : 0
  }
  if (leftOut > 0) diagnostics.push(tooLarge(leftOut, options))
  if (sections.length === 1) diagnostics.push(empty(options))
  return { text: `${sections.join('\n\n')}\n`, diagnostics }
}

/** Where a file of an example app stands, as seen from the content root. */
export function examplePlace(examplePath: string, file = ''): string {
  return `../${examplePath}${file === '' ? '' : `/${file}`}`
}

interface Found extends Finding {
  readonly position: Position
}

interface Shown {
  readonly text: string | undefined
  readonly findings: readonly Found[]
}

function inOrder(files: readonly SourceFile[]): SourceFile[] {
  const rank = (path: string) => (/^readme(\.[a-z]+)?$/i.test(path) ? 0 : 1)
  return [...files].sort((a, b) => rank(a.path) - rank(b.path) || comparePaths(a.path, b.path))
}

function shownText(file: SourceFile): Shown {
  const refuse = (found: Finding, position: Position = START): Shown => ({
    text: undefined,
    findings: [{ ...found, position }],
  })
  const name = contentPathProblem(file.path)
  if (name !== undefined) {
    return refuse({
      code: 'example/name',
      message: `Cannot show "${file.path}": ${name}, expected a name that every machine can carry, or a pattern in skip-patterns.yaml`,
    })
  }
  if (file.bytes.length > MAX_EXAMPLE_FILE_BYTES) {
    const message = `Cannot show a file of ${file.bytes.length} bytes in an example: it is left out, expected at most ${MAX_EXAMPLE_FILE_BYTES}`
    return refuse({ code: 'example/file-too-large', message })
  }
  const raw = textOf(file.bytes)
  if (raw === undefined) {
    const message = `Cannot show "${file.path}" as text: it is left out, expected UTF-8 or a pattern in skip-patterns.yaml`
    return refuse({ code: 'example/binary', message })
  }
  const [hidden] = hiddenCharacters(raw)
  if (hidden !== undefined) {
    const message = `Cannot show the hidden character ${codePoint(hidden.character)}: "${file.path}" is left out, expected text that a reader can see`
    return refuse({ code: 'example/hidden-character', message }, positions(raw)(hidden.offset))
  }
  const { text, problems } = applyMarkers(raw)
  const findings = problems.map(({ line, message }) => ({
    code: 'example/marker' as const,
    message,
    position: { line, column: 1 },
  }))
  return { text, findings }
}

/** Text of a file; undefined for what is not UTF-8, or holds what no text holds. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n')
  } catch {
    return undefined
  }
}

function fenced(path: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `## \`${path}\`\n\n${fence}${languageOf(path)}\n${text.replace(/\n+$/, '')}\n${fence}`
}

/** The language of a fence: the extension, as every highlighter knows it. */
function languageOf(path: string): string {
  const name = path.split('/').at(-1) ?? ''
  if (name.startsWith('.env')) return 'dotenv'
  if (/^(Dockerfile|Makefile|Gemfile|Rakefile)$/.test(name)) return name.toLowerCase()
  return /\.([A-Za-z0-9]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

function placeOf(file: SourceFile, found: Found, { path }: ExampleOptions) {
  return { path: examplePlace(path, file.path), ...found.position }
}

function tooLarge(count: number, { path }: ExampleOptions): Diagnostic {
  const message = `Cannot show all of "${path}": ${count} files are left out, expected at most ${MAX_EXAMPLE_BYTES} bytes together`
  return warningAt({ path: examplePlace(path), ...START }, { code: 'example/too-large', message })
}

function empty({ path }: ExampleOptions): Diagnostic {
  const message = `Cannot show anything of "${path}": expected a text file that no skip pattern leaves out`
  return warningAt({ path: examplePlace(path), ...START }, { code: 'example/empty', message })
}
