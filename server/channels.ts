import { errorAt } from '../build/finding.ts'
import { GitError } from '../build/git/command.ts'
import type { Repository } from '../build/git/repository.ts'
import { build } from '../build/pipeline.ts'
import { START } from '../build/position.ts'
import { withEncodings } from '../build/publish.ts'
import type { SourceFile, SourceTree } from '../build/release.ts'
import { CommandError } from '../schemas/cli.ts'
import { type Diagnostic, hasErrors } from '../schemas/diagnostic.ts'
import { digestOf } from '../schemas/digest.ts'
import { type BranchChannel, branchChannels, defaultBranch } from './branches.ts'
import { type Channel, failed, live, publishedBy, retired } from './channel.ts'
import { readRefs } from './refs.ts'
import { servedRelease } from './served-release.ts'
import type { ServingState } from './serving-state.ts'
import { shelf } from './shelf.ts'
import type { Store } from './store.ts'

/** A channel answers something else than before, or the same with other findings. */
export interface ChannelChange {
  readonly before: Channel | undefined
  readonly after: Channel
  /** What was built; undefined when nothing was. */
  readonly tree: SourceTree | undefined
}

export interface ChannelsOptions {
  readonly store: Store
  readonly repository: Repository | undefined
  /** Reads the work tree. */
  readonly discover: () => Promise<SourceTree>
  /** Told after a channel was replaced. Must not throw. */
  readonly onChange: (change: ChannelChange) => void
}

/** Everything that is served, and the two ways in which it changes. */
export interface Channels extends Omit<ServingState, 'root'> {
  /** Builds the work tree into `dev`. @throws {CommandError} when the content folder never could be read. */
  readonly refreshWorkTree: () => Promise<void>
  /** Follows the branches: builds what moved, retires what is gone. @throws {GitError} when refs cannot be read. */
  readonly refreshBranches: () => Promise<void>
  /** Lets branches that were deleted while nothing was served answer with what the store has of them. */
  readonly restoreRetired: () => Promise<void>
}

const UNPUBLISHED = 'publish/failed'

/** Releases kept in memory beside those that channels answer with. */
const KEPT_RELEASES = 16

/** Nothing is served before the first refresh. A channel is replaced by one assignment, when its release is whole. */
export function openChannels(options: ChannelsOptions): Channels {
  const { store, repository } = options
  const channels = new Map<string, Channel>()
  const releases = shelf({ limit: KEPT_RELEASES, load: store.load })
  const built = new Map<string, string>()
  let mainBranch: string | null = null
  let builtTree: string | undefined

  const swap = (after: Channel, tree: SourceTree | undefined) => {
    const before = channels.get(after.name)
    if (after.status !== 'empty') releases.put(after.release)
    channels.set(after.name, after)
    options.onChange({ before, after, tree })
  }

  const retire = (channel: Channel) => {
    built.delete(channel.name)
    const after = retired(channel)
    if (after === undefined) channels.delete(channel.name)
    else swap(after, undefined)
  }

  const follow = async (repo: Repository, target: BranchChannel) => {
    if (built.get(target.channel) === target.commit) return
    const named = { name: target.channel, branch: target.branch, diagnostics: [] }
    const stored = await store.builtFrom(target)
    if (stored !== undefined) swap(live(named, stored), undefined)
    else {
      const tree = await committedTree(repo, target)
      swap(
        await rebuilt({ store, named, tree, commit: target.commit, current: channels.get(named.name) }),
        tree,
      )
    }
    built.set(target.channel, target.commit)
  }

  return {
    channel: (name) => channels.get(name),
    channels: () => [...channels.values()],
    release: async (id) => {
      for (const channel of channels.values()) {
        if (channel.status !== 'empty' && channel.release.id === id) return channel.release
      }
      return releases.take(id)
    },
    refreshWorkTree: async () => {
      const tree = await options.discover().catch((error: unknown) => {
        if (!channels.has('dev') || !(error instanceof CommandError)) throw error
        return { files: [], diagnostics: [treeFinding('discover/unreadable', error.message)] }
      })
      const digest = treeDigest(tree)
      if (digest === builtTree) return
      const named = { name: 'dev', branch: null, diagnostics: [] }
      const after = await rebuilt({ store, named, tree, commit: null, current: channels.get('dev') })
      swap(after, tree)
      // What could not be published is tried again with the next hint.
      builtTree = after.diagnostics.some(({ code }) => code === UNPUBLISHED) ? undefined : digest
    },
    refreshBranches: async () => {
      if (repository === undefined) return
      const refs = await readRefs(repository)
      mainBranch = defaultBranch(refs, mainBranch)
      const targets = branchChannels(refs, mainBranch)
      for (const target of targets) await follow(repository, target)
      const followed = new Set(['dev', ...targets.map(({ channel }) => channel)])
      for (const channel of [...channels.values()]) {
        if (!followed.has(channel.name) && channel.status !== 'retired') retire(channel)
      }
    },
    restoreRetired: async () => {
      if (repository === undefined) return
      for (const name of await store.channels()) {
        const last = channels.has(name) ? undefined : await store.lastGood(name)
        if (last !== undefined)
          swap({ name, branch: null, diagnostics: [], status: 'retired', ...last }, undefined)
      }
    },
  }
}

interface Rebuild {
  readonly store: Store
  readonly named: { readonly name: string; readonly branch: string | null }
  readonly tree: SourceTree
  readonly commit: string | null
  readonly current: Channel | undefined
}

async function rebuilt({ store, named, tree, commit, current }: Rebuild): Promise<Channel> {
  const { release, diagnostics } = build(tree)
  const lastGood = async () => publishedBy(current) ?? (await store.lastGood(named.name))
  if (release === undefined || hasErrors(diagnostics)) {
    const soundPart = release && servedRelease(await withEncodings(release))
    return failed({ ...named, diagnostics }, await lastGood(), soundPart)
  }
  try {
    return live({ ...named, diagnostics }, await store.publish(release, { channel: named.name, commit }))
  } catch (error) {
    const unwritable = treeFinding(
      UNPUBLISHED,
      `Cannot publish to the store: ${reasonOf(error)}, expected a writable folder`,
    )
    const unpublished = servedRelease(await withEncodings(release))
    return failed({ ...named, diagnostics: [...diagnostics, unwritable] }, await lastGood(), unpublished)
  }
}

function treeDigest({ files, diagnostics, examples = new Map() }: SourceTree): string {
  const line = ({ path, bytes }: SourceFile) => `${digestOf(bytes)} ${path}`
  const apps = [...examples].flatMap(([app, parts]) => [app, ...parts.map(line)])
  return digestOf([...files.map(line), ...apps, JSON.stringify(diagnostics)].join('\n'))
}

async function committedTree(repository: Repository, { branch, commit }: BranchChannel): Promise<SourceTree> {
  try {
    return await repository.tree(commit)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const folder = repository.folder === '' ? 'the files' : `the folder "${repository.folder}"`
    const message = `Cannot read ${folder} in commit ${commit.slice(0, 12)} of branch "${branch}": git says "${error.complaint}", expected a commit that holds content`
    return { files: [], diagnostics: [treeFinding('git/unreadable', message)] }
  }
}

function treeFinding(code: Diagnostic['code'], message: string): Diagnostic {
  return errorAt({ path: '', ...START }, { code, message })
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : String(error))
}
