/** Programs that install packages, in the order in which they are believed where a folder has traces of several. */
export const MANAGERS = ['pnpm', 'yarn', 'bun', 'npm'] as const
export type ManagerName = (typeof MANAGERS)[number]

const LOCKFILES: Readonly<Record<string, ManagerName>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
}

/** Files whose presence says something about packages. */
export const TRACES: readonly string[] = [...Object.keys(LOCKFILES), 'pnpm-workspace.yaml']

/** What one folder says about its packages. */
export interface PackageFolder {
  /** As seen from the app: `.`, `..`, `../..`. */
  readonly name: string
  /** Those of {@link TRACES} that are there. */
  readonly traces: readonly string[]
  /** Of its package.json: the `packageManager` field, such as `pnpm@9.1.0`. */
  readonly declared?: string
  /** Of its package.json: whether it names workspaces. */
  readonly hasWorkspaces: boolean
}

export interface PackageManager {
  readonly name: ManagerName
  readonly version?: string
  /** What it was told by. */
  readonly evidence: string
  /** Folder of the lockfile or of the workspace, as seen from the app. */
  readonly root: string
  readonly isWorkspace: boolean
  /** Other lockfiles in the same folder, which are probably left over. */
  readonly others: readonly string[]
}

/** The package manager of an app, by the nearest folder that says one; npm where none does. */
export function packageManagerOf(folders: readonly PackageFolder[]): PackageManager {
  for (const folder of folders) {
    const found = declaredIn(folder) ?? lockedIn(folder)
    if (found) return found
  }
  return { name: 'npm', evidence: 'nothing says another one', root: '.', isWorkspace: false, others: [] }
}

function declaredIn(folder: PackageFolder): PackageManager | undefined {
  const match = /^(npm|pnpm|yarn|bun)@(\d+[\w.-]{0,40})(\+[\w.]+)?$/.exec(folder.declared ?? '')
  const name = MANAGERS.find((known) => known === match?.[1])
  if (name === undefined) return undefined
  const others = folder.traces.filter((file) => LOCKFILES[file] !== undefined && LOCKFILES[file] !== name)
  const evidence = 'the packageManager field of package.json'
  return { name, version: match?.[2] ?? '', evidence, ...rootOf(folder), others }
}

function lockedIn(folder: PackageFolder): PackageManager | undefined {
  const locks = folder.traces.filter((file) => LOCKFILES[file] !== undefined)
  const [lock, ...others] = locks.sort((a, b) => rank(a) - rank(b))
  const name = lock === undefined ? undefined : LOCKFILES[lock]
  if (lock !== undefined && name !== undefined) return { name, evidence: lock, ...rootOf(folder), others }
  if (!folder.traces.includes('pnpm-workspace.yaml')) return undefined
  return { name: 'pnpm', evidence: 'pnpm-workspace.yaml', ...rootOf(folder), others: [] }
}

function rank(lock: string): number {
  const name = LOCKFILES[lock]
  return name === undefined ? MANAGERS.length : MANAGERS.indexOf(name)
}

function rootOf({ name, hasWorkspaces, traces }: PackageFolder) {
  return { root: name, isWorkspace: hasWorkspaces || traces.includes('pnpm-workspace.yaml') }
}
