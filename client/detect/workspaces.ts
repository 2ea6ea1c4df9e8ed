import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Packages that are looked at, and folders below one pattern. */
const MOST = 200
/** Folders that `**` stands for at most. */
const DEPTH = 3
/** No honest list is longer; bytes. */
const LIST_MAX = 64 * 1024

const patterns = z.array(z.string())
const manifestSchema = z
  .object({
    workspaces: z.union([patterns, z.object({ packages: patterns }).transform((one) => one.packages)]),
  })
  .transform((one) => one.workspaces)
  .catch([])

/**
 * Folders of the packages of a workspace, relative to its root, as package.json (npm, yarn, bun) or
 * pnpm-workspace.yaml names them. Patterns that lead out of the root, and links, are passed over.
 */
export async function workspaceFolders(root: string): Promise<readonly string[]> {
  const [manifest, list] = await Promise.all([text(root, 'package.json'), text(root, 'pnpm-workspace.yaml')])
  const named = [...manifestSchema.parse(json(manifest)), ...pnpmPackages(list)]
  const sound = named.filter((pattern) => !/^\/|\\|(^|\/)\.\.(\/|$)/.test(pattern)).slice(0, MOST)
  const left = sound.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const found = new Set<string>()
  for (const pattern of sound.filter((one) => !one.startsWith('!'))) {
    for (const folder of await matching(root, { from: '', parts: partsOf(pattern) })) found.add(folder)
  }
  const isLeftOut = (folder: string) => left.some((pattern) => matches(folder.split('/'), partsOf(pattern)))
  return [...found].filter((folder) => folder !== '' && !isLeftOut(folder)).slice(0, MOST)
}

async function text(root: string, name: string): Promise<string> {
  const content = await readFile(join(root, name), 'utf8').catch(() => '')
  return name === 'package.json' ? content : content.slice(0, LIST_MAX)
}

function json(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}

/** The list below `packages:`; the file is read by lines, as other manifests are. */
function pnpmPackages(content: string): string[] {
  const [, list = ''] = /^packages:[ \t]*\r?\n((?:[ \t]*(?:[-#][^\n]*)?\r?\n)*)/m.exec(`${content}\n`) ?? []
  return [...list.matchAll(/^[ \t]*-[ \t]*['"]?([^'"\s#]+)/gm)].map((match) => match[1] ?? '')
}

function partsOf(pattern: string): string[] {
  return pattern.split('/').filter((part) => part !== '' && part !== '.')
}

interface Search {
  /** Folder, relative to the root. */
  readonly from: string
  readonly parts: readonly string[]
}

async function matching(root: string, { from, parts: [part, ...rest] }: Search): Promise<string[]> {
  if (part === undefined) return [from]
  const below = await foldersIn(join(root, from))
  const into = (folder: string) => (from === '' ? folder : `${from}/${folder}`)
  const found: string[] = []
  const search = async (parts: readonly string[], folders: readonly string[]) => {
    for (const folder of folders) {
      if (found.length >= MOST) return
      found.push(...(await matching(root, { from: into(folder), parts })))
    }
  }
  if (part !== '**') {
    await search(
      rest,
      below.filter((folder) => isNamed(folder, part)),
    )
    return found
  }
  found.push(...(await matching(root, { from, parts: rest })))
  if (from.split('/').length < DEPTH) await search(['**', ...rest], below)
  return found
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((one) => one.isDirectory() && !one.name.startsWith('.') && one.name !== 'node_modules')
    .map((one) => one.name)
    .sort()
    .slice(0, MOST)
}

function matches([folder, ...folders]: readonly string[], [part, ...parts]: readonly string[]): boolean {
  if (part === '**') {
    return (
      matches(
        [folder, ...folders].filter((one) => one !== undefined),
        parts,
      ) ||
      (folder !== undefined && matches(folders, [part, ...parts]))
    )
  }
  if (folder === undefined || part === undefined) return folder === part
  return isNamed(folder, part) && matches(folders, parts)
}

/** `*` stands for any letters of a name. Every piece is sought once, from left to right. */
function isNamed(name: string, pattern: string): boolean {
  const [first = '', ...pieces] = pattern.split('*')
  const last = pieces.pop()
  if (last === undefined) return name === pattern
  if (!name.startsWith(first) || !name.endsWith(last)) return false
  let at = first.length
  for (const piece of pieces) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= name.length - last.length
}
