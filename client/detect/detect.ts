import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { frameworkOf, MANIFESTS, type ManifestName } from './frameworks.ts'
import { type ProjectManifest, readManifest } from './manifests.ts'

/** What a run knows of the app before any agent has looked at it. */
export interface DetectedApp {
  readonly framework: string | null
  readonly name: string
}

/** No honest manifest is larger; bytes. */
const MANIFEST_MAX = 1024 * 1024

/**
 * Reads the manifest files of an app, and nothing else.
 * @throws {CommandError} `run/app-not-found` without a folder, `run/not-a-project` without a readable manifest
 */
export async function detect(app: string): Promise<DetectedApp> {
  const folder = resolve(app)
  if (!(await isFolder(folder))) {
    throw new CommandError('run/app-not-found', `Cannot run on "${app}": there is no such folder`, {
      exit: EXIT.usage,
    })
  }
  const found = (await Promise.all(MANIFESTS.map((manifest) => read(folder, manifest)))).filter(
    (manifest) => manifest !== null,
  )
  if (found.length === 0) {
    throw notAProject(app, `expected one of ${MANIFESTS.join(', ')}`)
  }
  return {
    framework: frameworkOf(found),
    name: found.find((manifest) => manifest.name !== null)?.name ?? basename(folder),
  }
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
