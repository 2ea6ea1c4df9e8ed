import { lstat, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type PackageFolder, TRACES } from './package-manager.ts'

const manifest = z.object({
  packageManager: z.string().max(200).optional().catch(undefined),
  workspaces: z.unknown().optional(),
})
/** Folders above an app that are looked at. */
const MAX_ABOVE = 8
const MAX_BYTES = 1_048_576

/**
 * What the app's folder, and those above it in the same repository, say about packages; nearest first. Of what
 * lies above nothing is read but which lockfiles there are, and two fields of package.json.
 */
export async function packageFolders(app: string): Promise<PackageFolder[]> {
  const folders: PackageFolder[] = []
  for (let at = app, name = '.'; folders.length <= MAX_ABOVE; at = dirname(at)) {
    folders.push(await look(at, name))
    if (await isThere(join(at, '.git'))) return folders
    if (dirname(at) === at) break
    name = name === '.' ? '..' : `../${name}`
  }
  // Without a repository nobody says that what lies above belongs to the app.
  return folders.slice(0, 1)
}

async function look(folder: string, name: string): Promise<PackageFolder> {
  const found = await Promise.all(TRACES.map((file) => isThere(join(folder, file))))
  const { packageManager, workspaces } = await manifestOf(join(folder, 'package.json'))
  return {
    name,
    traces: TRACES.filter((_, index) => found[index]),
    ...(packageManager === undefined ? {} : { declared: packageManager }),
    hasWorkspaces: workspaces !== undefined,
  }
}

async function manifestOf(path: string): Promise<z.output<typeof manifest>> {
  try {
    if ((await lstat(path)).size > MAX_BYTES) return {}
    return manifest.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    // No manifest, or none that can be read, says nothing.
    return {}
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
