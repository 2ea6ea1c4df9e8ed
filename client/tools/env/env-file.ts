import { randomUUID } from 'node:crypto'
import { type FileHandle, lstat, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PathRefusedError, type Place, placeInside } from '../files/inside.ts'
import { foldedName } from '../files/names.ts'

/** Files that hold values; not `.env.example`, which shows which there are. */
const ENV_FILE = /^\.env(\.(development|production|test|staging))?(\.local)?$/
/** Whose loaders read `.env.local`, which nobody commits. */
const READ_LOCAL = new Set([
  'nextjs',
  'sveltekit',
  'tanstack-start',
  'tanstack-router',
  'vue',
  'svelte',
  'react',
])
const CLOSED = ['.git', '.mill', 'node_modules']
const MAX_BYTES = 262_144

/**
 * A file of environment values inside the app, by its own name and with no link on the way to it.
 * @throws PathRefusedError otherwise
 */
export async function envPlace(app: string, file: string): Promise<Place> {
  const refuse = (why: string) => new PathRefusedError(`Cannot use ${JSON.stringify(file)}: ${why}`)
  const place = await placeInside(app, file)
  const segments = place.asked.split('/')
  if (!ENV_FILE.test(segments.at(-1) ?? '')) throw refuse('expected a name such as ".env" or ".env.local"')
  if (place.asked !== place.relative) throw refuse('a link leads elsewhere')
  if (segments.some((segment) => CLOSED.includes(foldedName(segment)))) throw refuse('that folder is closed')
  const folder = await lstat(dirname(place.path)).catch(() => undefined)
  if (!folder?.isDirectory()) throw refuse('there is no such folder')
  const stats = await lstat(place.path).catch(() => undefined)
  if (stats && (!stats.isFile() || stats.nlink > 1))
    throw refuse('expected a plain file, without links to it')
  return place
}

/** The file that a value of this app belongs in. */
export async function usualEnvFile(app: string, framework: string | null): Promise<string> {
  const local = await lstat(join(app, '.env.local')).catch(() => undefined)
  return local?.isFile() || (framework !== null && READ_LOCAL.has(framework)) ? '.env.local' : '.env'
}

/** Names of the files of values that lie in a folder, sorted. */
export async function envFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => ENV_FILE.test(name)).sort()
}

/**
 * The text of a file of values; empty when there is none.
 * @throws RangeError when it is no text of a sensible size
 */
export async function readEnvText(place: Place): Promise<string> {
  const stats = await lstat(place.path).catch(() => undefined)
  if (stats === undefined) return ''
  const refuse = (why: string, cause?: unknown) =>
    new RangeError(`Cannot read "${place.asked}": ${why}`, { cause })
  if (stats.size > MAX_BYTES) throw refuse(`it has ${stats.size} bytes, expected at most ${MAX_BYTES}`)
  try {
    const bytes = await readFile(place.path)
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw refuse('expected UTF-8 text', cause)
  }
}

/** Replaces the file whole. It is written in the run folder first, where git and agents see nothing of it. */
export async function writeEnvText(place: Place, text: string, runFolder: string): Promise<void> {
  const draft = join(runFolder, `.env-${randomUUID()}`)
  const stats = await lstat(place.path).catch(() => undefined)
  try {
    const file: FileHandle = await open(draft, 'wx', stats ? stats.mode & 0o777 : 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, place.path)
  } finally {
    await rm(draft, { force: true })
  }
}
