import { isUtf8 } from 'node:buffer'
import { channelOf } from '../../schemas/channel.ts'
import { matchesPattern } from './branch-patterns.ts'

/** What a repository says about its branches at one moment. */
export interface Refs {
  readonly branches: readonly Branch[]
  /** Branch that HEAD is on; null when it is on none. */
  readonly head: string | null
  /** Branch that `origin/HEAD` points at; null when it is not known. */
  readonly originHead: string | null
}

/** A branch, and the commit it is at. */
export interface Branch {
  readonly name: string
  readonly commit: string
}

/** A channel that follows a branch. */
export interface BranchChannel {
  readonly channel: string
  readonly branch: string
  readonly commit: string
}

/** Reads the output of `git for-each-ref` in {@link REFS_FORMAT}. */
export function parseRefs(output: Buffer): Refs {
  const branches: Branch[] = []
  let head: string | null = null
  let originHead: string | null = null
  for (const line of output.toString('latin1').split('\n').map(readable)) {
    const [ref = '', commit = '', symref = '', checkedOut = ''] = line.split('\0')
    if (ref === 'refs/remotes/origin/HEAD') originHead = after('refs/remotes/origin/', symref)
    const name = after('refs/heads/', ref)
    if (name === null || !/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(commit)) continue
    branches.push({ name, commit })
    if (checkedOut === '*') head = name
  }
  return { branches, head, originHead }
}

/** `git for-each-ref` format; a ref name holds neither NUL nor a line break. */
export const REFS_FORMAT = '%(refname)%00%(objectname)%00%(symref)%00%(HEAD)'

/** Default branches of before. */
export interface Chosen {
  /** By this process. */
  readonly now: string | null
  /** By the one that wrote to the store last. */
  readonly before: string | null
}

/**
 * The repository's default branch, as far as it is here. Once chosen it stays while it exists, so that a checkout
 * never changes what `main` means, nor who declares ceilings.
 */
export function defaultBranch({ branches, head, originHead }: Refs, { now, before }: Chosen): string | null {
  const names = new Set(branches.map(({ name }) => name))
  const candidates = [now, originHead, 'main', 'master', before, head]
  return candidates.find((name) => name !== null && names.has(name)) ?? null
}

/** The channels a repository has: `main` for its default branch, one for each branch that a pattern names. Sorted, `main` first. */
export function branchChannels(
  { branches }: Pick<Refs, 'branches'>,
  mainBranch: string | null,
  patterns: readonly string[],
): BranchChannel[] {
  const channels = new Map<string, BranchChannel>()
  for (const { name: branch, commit } of branches) {
    if (branch === mainBranch) channels.set('main', { channel: 'main', branch, commit })
    else if (patterns.some((pattern) => matchesPattern(branch, pattern))) {
      const channel = channelOf(branch)
      channels.set(channel, { channel, branch, commit })
    }
  }
  const rank = ({ channel }: BranchChannel) => (channel === 'main' ? '' : channel)
  return [...channels.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function after(prefix: string, ref: string): string | null {
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null
}

/** Git takes any bytes for a name. What is no UTF-8 is spelled `\xff`, since no name holds a backslash of its own. */
function readable(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  return latin1.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
}
