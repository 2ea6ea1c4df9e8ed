import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { visible } from '../../schemas/hidden-text.ts'
import { frameworkOf, MANIFESTS, type ManifestName } from './frameworks.ts'
import { type ProjectManifest, readManifest } from './manifests.ts'
import { workspaceFolders } from './workspaces.ts'

/** What a run knows of the app before any agent has looked at it. */
export interface DetectedApp {
  readonly framework: string | null
  readonly name: string
}

/** No honest manifest is larger; bytes. */
const MANIFEST_MAX = 1024 * 1024

/** Longest name that is shown, as npm has it. */
const NAME_MAX = 214

/**
 * Reads the manifest files of an app, and nothing else. The root of a workspace that is no app itself stands for none
 * of its apps: a run works in one folder, and a person has to say in which.
 * @throws {CommandError} `run/app-not-found` without a folder, `run/not-a-project` without a readable manifest, `run/which-package` for the root of a workspace
 */
export async function detect(app: string): Promise<DetectedApp> {
  const folder = resolve(app)
  if (!(await isFolder(folder))) {
    throw new CommandError('run/app-not-found', `Cannot run on "${app}": there is no such folder`, {
      exit: EXIT.usage,
    })
  }
  const found = await readAll(folder)
  if (found.length === 0) {
    throw notAProject(app, `expected one of ${MANIFESTS.join(', ')}`)
  }
  const framework = frameworkOf(found)
  if (framework === null) await refuseWorkspace(app, folder)
  const name = found.find((manifest) => manifest.name !== null)?.name ?? basename(folder)
  return { framework, name: visible(name).slice(0, NAME_MAX) }
}

async function refuseWorkspace(app: string, root: string): Promise<void> {
  const apps: string[] = []
  for (const folder of await workspaceFolders(root)) {
    // What cannot be read there is not what the person asked about.
    const framework = frameworkOf(await readAll(join(root, folder)).catch(() => []))
    if (framework !== null) apps.push(`${visible(folder)} (${framework})`)
  }
  if (apps.length === 0) return
  const shown =
    apps.length > 10 ? `${apps.slice(0, 10).join(', ')} and ${apps.length - 10} more` : apps.join(', ')
  throw new CommandError(
    'run/which-package',
    `Cannot run on "${app}": it is a workspace of ${apps.length === 1 ? 'one app' : 'several apps'}, expected the folder of one: ${shown}`,
    { exit: EXIT.usage },
  )
}

async function readAll(folder: string): Promise<readonly FoundManifest[]> {
  const found = await Promise.all(MANIFESTS.map((manifest) => read(folder, manifest)))
  return found.filter((manifest) => manifest !== null)
}

type FoundManifest = ProjectManifest & { readonly manifest: ManifestName }

async function read(folder: string, manifest: ManifestName): Promise<FoundManifest | null> {
  const path = join(folder, manifest)
  const stats = await stat(path).catch(() => null)
  if (!stats?.isFile()) return null
  if (stats.size > MANIFEST_MAX) throw notAProject(folder, `${manifest} is larger than ${MANIFEST_MAX} bytes`)
  try {
    return { manifest, ...readManifest(manifest, await readFile(path, 'utf8')) }
  } catch (error) {
    throw notAProject(folder, `${manifest} cannot be read: ${(error as Error).message}`, error)
  }
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null)
  return stats?.isDirectory() ?? false
}

function notAProject(app: string, why: string, cause?: unknown): CommandError {
  return new CommandError('run/not-a-project', `Cannot run on "${app}": it is not a project, ${why}`, {
    exit: EXIT.usage,
    cause,
  })
}
