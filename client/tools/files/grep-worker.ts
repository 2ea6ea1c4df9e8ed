/** The thread behind Grep: a pattern that runs for ever holds up nobody else. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import picomatch from 'picomatch'
import { holdsSecrets } from './names.ts'
import { walk } from './walk.ts'

interface Search {
  readonly root: string
  readonly prefix: string
  readonly pattern: string
  readonly glob?: string
}

const MAX_FILE_BYTES = 1_048_576
const MAX_TOTAL_BYTES = 64 * 1_048_576
const MAX_MATCHES = 200
const MAX_LINE = 300

async function grep(search: Search): Promise<string> {
  const expression = new RegExp(search.pattern)
  const found: string[] = []
  let bytes = 0
  for await (const { shown, text } of textsOf(search)) {
    bytes += text.length
    if (bytes > MAX_TOTAL_BYTES) return [...found, '(the search stopped: too much text)'].join('\n')
    found.push(...matchesIn(shown, text, expression))
    if (found.length > MAX_MATCHES) {
      return [...found.slice(0, MAX_MATCHES), `(more than ${MAX_MATCHES} lines match)`].join('\n')
    }
  }
  return found.length > 0 ? found.join('\n') : `(no line matches ${JSON.stringify(search.pattern)})`
}

function matchesIn(shown: string, text: string, expression: RegExp): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => expression.test(line))
    .slice(0, MAX_MATCHES + 1)
    .map(({ line, number }) => `${shown}:${number}: ${line.slice(0, MAX_LINE)}`)
}

async function* textsOf({ root, prefix, glob }: Search): AsyncGenerator<{ shown: string; text: string }> {
  const wanted = glob === undefined ? () => true : picomatch(glob, { dot: true, noextglob: true })
  for await (const file of filesAt(root)) {
    const shown = [prefix, file].filter(Boolean).join('/')
    if (!wanted(file === '' ? prefix : file) || shown.split('/').some(holdsSecrets)) continue
    const text = await textOf(join(root, file))
    if (text !== undefined) yield { shown, text }
  }
}

async function* filesAt(root: string): AsyncGenerator<string> {
  const found = await stat(root).catch(() => undefined)
  if (found?.isFile()) yield ''
  if (found?.isDirectory()) yield* walk(root)
}

async function textOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile() || found.size > MAX_FILE_BYTES) return undefined
  const bytes = await readFile(path).catch(() => undefined)
  return bytes === undefined || bytes.includes(0) ? undefined : bytes.toString('utf8')
}

parentPort?.postMessage(await grep(workerData as Search))
