import { readdir, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { type Compared, ofFolder, ofRelease } from '../diff/released.ts'
import type { Side } from '../diff/words.ts'
import { fetchTree, withDocuments } from '../fetch/fetch-tree.ts'
import { GitError } from '../git/command.ts'
import { openRepository, type Repository } from '../git/repository.ts'
import { build } from '../pipeline.ts'
import { layoutOf } from '../publish/layout.ts'
import { readRelease } from '../publish.ts'
import type { BuildOutcome } from '../release.ts'
import { buildWithDocuments } from './content.ts'
import { type DocumentFlags, fetchOptionsOf } from './documents.ts'
import { broken, isReleaseFolder, readReleaseFolder } from './release-folder.ts'

/** Where the sides of a diff are looked for. */
export interface Places {
  readonly content: string
  readonly store: string
  readonly flags: DocumentFlags
}

/** One side of a diff, built or read. */
export interface ComparedSide extends Compared {
  readonly side: Side
}

/** Each way in which a name can be understood, and how that one is read. */
type Meanings = ReadonlyMap<'folder' | 'ref' | 'release', () => Promise<ComparedSide>>

/**
 * Reads one side of a diff: a content folder, a folder with a release, a release of the store, or a git ref.
 *
 * @throws {CommandError} when the name means none of these, or more than one.
 */
export async function readSide(io: CliIo, name: string, places: Places): Promise<ComparedSide> {
  const repository = await findRepository(io, places)
  try {
    const meanings = await meaningsOf(io, name, { ...places, repository })
    const [only, ...others] = meanings.values()
    if (only !== undefined && others.length === 0) return await only()
    const known = [...meanings.keys()].map((kind) => `a ${kind}`).join(' and ')
    const problem =
      only === undefined
        ? 'expected a folder, a git ref, or at least 6 digits of a release in --store'
        : `it is ${known}, expected ./<folder>, refs/heads/<branch> or all 64 digits of a release`
    throw new CommandError('diff/side', `Cannot compare "${name}": ${problem}`, { exit: EXIT.usage })
  } finally {
    repository?.close()
  }
}

interface Search extends Places {
  readonly repository: Repository | undefined
}

async function meaningsOf(io: CliIo, name: string, search: Search): Promise<Meanings> {
  const { store, repository } = search
  const meanings = new Map<'folder' | 'ref' | 'release', () => Promise<ComparedSide>>()
  const folder = resolve(io.cwd, name)
  const isFolder = await stat(folder).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
  if (isFolder) meanings.set('folder', () => readFolder(io, name, search))
  if (/^[./~]/.test(name)) return meanings
  const commit = repository && (await commitOf(repository, name))
  if (repository !== undefined && commit !== undefined) {
    meanings.set('ref', () => readRef(io, { name, commit }, { ...search, repository }))
  }
  const dir = resolve(io.cwd, store)
  const [id, ...more] = await releasesLike(dir, name)
  if (id !== undefined && more.length === 0) {
    meanings.set('release', async () => sideOf(name, ofRelease(await readRelease(dir, id))))
  }
  return meanings
}

async function findRepository(io: CliIo, { content }: Places): Promise<Repository | undefined> {
  const there = await stat(resolve(io.cwd, content)).catch(() => undefined)
  const found = await openRepository(
    there?.isDirectory() === true ? resolve(io.cwd, content) : io.cwd,
    io.env,
  )
  return found.repository
}

async function commitOf(repository: Repository, name: string): Promise<string | undefined> {
  if (name.startsWith('-') || /[\0\n]/.test(name)) return undefined
  try {
    const answer = await repository.git(['rev-parse', '--verify', '--quiet', `${name}^{commit}`])
    return answer.toString('utf8').trim()
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}

const RELEASE_FILE = /^([0-9a-f]{64})\.json$/

async function releasesLike(store: string, prefix: string): Promise<string[]> {
  if (!/^[0-9a-f]{6,64}$/.test(prefix)) return []
  const names = await readdir(layoutOf(store).releases).catch(() => [])
  return names.flatMap((name) => (name.startsWith(prefix) && RELEASE_FILE.exec(name)?.[1]) || [])
}

async function readFolder(io: CliIo, name: string, { flags }: Places): Promise<ComparedSide> {
  const dir = resolve(io.cwd, name)
  if (!(await isReleaseFolder(dir))) return built(name, await buildWithDocuments(io, name, flags))
  const files = await readReleaseFolder(dir, name)
  try {
    return sideOf(name, ofFolder(files))
  } catch (cause) {
    throw broken(name, 'a menu in it is not as menus are', cause)
  }
}

async function readRef(
  io: CliIo,
  { name, commit }: { readonly name: string; readonly commit: string },
  { repository, content, flags }: Places & { readonly repository: Repository },
): Promise<ComparedSide> {
  try {
    const tree = await repository.tree(commit)
    const documents = await fetchTree(tree, {
      ...fetchOptionsOf(io, flags),
      beside: repository.beside(commit),
    })
    for (const note of documents.notes) io.stderr.write(`${name}: ${note}\n`)
    return built(name, build(withDocuments(tree, documents)))
  } catch (error) {
    throw error instanceof GitError ? unreadable(error, content, name) : error
  }
}

function unreadable(cause: GitError, content: string, name: string): CommandError {
  const message = `Cannot read "${content}" in "${name}": git says "${cause.complaint}", expected a commit that holds it`
  return new CommandError('diff/ref', message, { exit: EXIT.usage, cause })
}

function built(name: string, { release, diagnostics }: BuildOutcome): ComparedSide {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return sideOf(name, ofRelease(release), errors)
}

function sideOf(name: string, compared: Compared, errors = 0): ComparedSide {
  return { ...compared, side: { name, release: compared.release, errors } }
}
