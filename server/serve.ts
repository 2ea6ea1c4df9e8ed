import { dirname } from 'node:path'
import { requireFolder } from '../build/discover.ts'
import { fetchTree } from '../build/fetch/fetch-tree.ts'
import type { Repository } from '../build/git/repository.ts'
import { CommandError, EXIT } from '../schemas/cli.ts'
import type { Diagnostic } from '../schemas/diagnostic.ts'
import { openFrames } from './catalog/frames.ts'
import type { ChannelChange } from './channels/board.ts'
import { type CopiesOnly, openBranchSource } from './channels/branch-source.ts'
import { type Channels, openChannels } from './channels/channels.ts'
import { findRepository } from './channels/find-repository.ts'
import { UNBUILT } from './channels/rebuild.ts'
import type { ServingState } from './channels/serving-state.ts'
import { tellingGitErrors } from './channels/telling-git-errors.ts'
import { coalesce, type Request } from './coalesce.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import type { Log } from './http/log.ts'
import { openTelemetry } from './http/telemetry.ts'
import { type Lifetime, lifetime } from './lifetime.ts'
import type { Seal } from './signing/pointer.ts'
import { sealedState } from './signing/sealed-state.ts'
import { buildElsewhere } from './source/build-elsewhere.ts'
import type { Seen } from './source/made.ts'
import { type Build, tellingBuilds } from './source/telling-builds.ts'
import type { DocumentRules } from './source/tree-maker.ts'
import { poll, type Watch, watchRefs } from './source/watch.ts'
import { openWorkTree, type WorkTree } from './source/work-tree.ts'
import { openStore } from './store/store.ts'
import { storeFolder } from './store/store-folder.ts'

export interface ServeOptions {
  /** Content folder, absolute. */
  readonly content: string
  /** 0 takes any free port. */
  readonly port: number
  /** Channel answered at `/`; undefined lets the mode choose. */
  readonly root: string | undefined
  /** Folder for releases, absolute; undefined for the default one. */
  readonly store: string | undefined
  /** Releases that each channel keeps; undefined for the store's own measure. */
  readonly keep?: number | undefined
  /** Follow the work tree, and start even when there is nothing in it yet. */
  readonly watch: boolean
  /** How remote documents are come by. */
  readonly documents: DocumentRules
  /** Ends the waiting for documents; what runs goes on until it is closed. */
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  /** How pointers are given out; undefined: as the store has them. */
  readonly seal?: Seal | undefined
  readonly log: Log
}

/** A running server. */
export interface Serving {
  readonly port: number
  readonly state: ServingState
  /** Ends all it started; open replies get 3 seconds. */
  readonly close: () => Promise<void>
}

/** How often branches are looked at, should no hint arrive, and the store, which gives none. */
const POLL_MS = 1_000

/** How often documents that could not be had are asked for again. */
const RETRY_MS = 60_000

/**
 * Opens the store, builds the channels, watches what they follow, and listens.
 *
 * @throws {CommandError} when it cannot; nothing is left running then.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const life = lifetime(options.signal)
  try {
    const frames = openFrames()
    const telemetry = openTelemetry()
    const onChange = (change: ChannelChange) => {
      frames.keep(change)
      telemetry.change(change)
      options.log.change(change)
    }
    const opened = await open({ ...options, onChange, onBuild: telemetry.metrics.built }, life)
    const { channels, refresh } = opened
    const [isRestored] = await both(takeUpWorkTree(opened), refresh.branches())
    // What the work tree has fetched, branches may have lacked.
    if (!isRestored) await refresh.branches()
    if (!options.watch) refuseEmpty(channels, options.content)
    await follow(opened, options, life)
    const root = rootChannel(opened, options)
    const experiments = channels.experiments[root === 'dev' ? 'dev' : 'main']
    const unsealed = { ...channels, root, experiments }
    const state = options.seal === undefined ? unsealed : sealedState(unsealed, options.seal)
    const app = createApp(state, {
      ...{ onBug: options.log.bug, onAccess: options.log.access, frameOf: frames.of },
      ...{ telemetry, signal: life.signal },
    })
    const listening = await listen(app, options.port, { onConnection: telemetry.traffic.watch })
    life.atEnd(listening.close)
    // What is known to be right is answered with before anybody has looked for findings in it.
    if (isRestored) quietly(refresh.workTree, { log: options.log, life })()
    return { port: listening.port, state, close: life.end }
  } catch (error) {
    await life.end()
    throw error
  }
}

/** Channels, what they are made from, and the two ways to bring them up to date: each never twice at once. */
interface Opened {
  /** False for a bare repository. */
  readonly hasWorkTree: boolean
  readonly repository: Repository | undefined
  readonly workTree: WorkTree
  /** What there was to build when the server was started. */
  readonly seen: Promise<Seen | undefined>
  readonly channels: Channels
  readonly refresh: { readonly workTree: Request; readonly branches: Request }
}

interface OpenOptions extends ServeOptions {
  readonly onChange: (change: ChannelChange) => void
  readonly onBuild: (build: Build) => void
}

async function open(options: OpenOptions, life: Lifetime): Promise<Opened> {
  const { content, log, now, onChange } = options
  const documents = { ...options.documents, signal: life.signal }
  const find = findRepository({ content, env: options.env, onWarning: log.warn })
  life.atEnd(async () => (await find())?.close())
  const repository = await find()
  const hasWorkTree = repository?.bare !== true
  // What cannot be read is refused before anything is written.
  if (hasWorkTree) await requireFolder(content)
  else if (options.watch) throw nothingToWatch(content)
  const dir = await storeFolder({ chosen: options.store, home: repository?.topLevel ?? dirname(content) })
  const workTree = openWorkTree({
    ...{ content, documents: options.documents, signal: life.signal, onNote: log.warn, onBug: log.bug },
    onChange: () => quietly(refresh.workTree, { log, life })(),
    onAhead: (release) => void store.stage(release),
  })
  life.atEnd(workTree.close)
  // Its thread starts while the store is opened.
  const seen = hasWorkTree ? workTree.see() : Promise.resolve(undefined)
  const store = await openStore({
    ...{ dir, content, docsFrom: documents.docsFrom ?? null, now },
    ...{ keep: options.keep, onDamage: log.warn },
  })
  const elsewhere = buildElsewhere(life.signal)
  life.atEnd(elsewhere.close)
  const copiesOnly: CopiesOnly = (tree, beside) => fetchTree(tree, { ...documents, offline: true, beside })
  const channels = openChannels({
    store,
    branches: async () => {
      const found = await find()
      return found && openBranchSource(found, copiesOnly)
    },
    workTree: tellingBuilds('work-tree', workTree.make, options.onBuild),
    build: tellingBuilds('branch', elsewhere.build, options.onBuild),
    onChange,
    onWarning: log.warn,
  })
  const refresh = {
    workTree: coalesce(channels.refreshWorkTree),
    branches: coalesce(tellingGitErrors(channels.refreshBranches, log.warn)),
  }
  return { hasWorkTree, repository, workTree, seen, channels, refresh }
}

/** Takes `dev` from the store, or builds it; true when it was taken. */
async function takeUpWorkTree({ hasWorkTree, seen, channels, refresh }: Opened): Promise<boolean> {
  const found = hasWorkTree ? await seen : undefined
  if (found !== undefined && (await channels.restoreWorkTree(found))) return true
  if (hasWorkTree) await refresh.workTree()
  return false
}

/** Waits for both, also for the end of one when the other has failed. */
async function both<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Follows what channels are made from: branches always, files on disk in watch mode. */
async function follow(
  { repository, workTree, channels, refresh }: Opened,
  { watch, log }: ServeOptions,
  life: Lifetime,
): Promise<void> {
  const hint = (request: Request) => quietly(request, { log, life })
  const keep = (one: Watch) => life.atEnd(one.close)
  if (repository !== undefined) {
    keep(await watchRefs(repository.gitDir, hint(refresh.branches)))
  }
  keep(poll(POLL_MS, hint(refresh.branches)))
  keep(
    poll(RETRY_MS, () => {
      const findings = channels.channel('dev')?.diagnostics ?? []
      if (findings.some(mayMend)) hint(refresh.workTree)()
    }),
  )
  if (watch) await workTree.watch()
}

/** True for a finding that may be gone although nothing was saved. */
function mayMend({ code }: Diagnostic): boolean {
  return code.startsWith('fetch/') || code === UNBUILT
}

/** Does something of which nobody waits for the end. */
function quietly(
  request: Request,
  { log, life }: { readonly log: Log; readonly life: Lifetime },
): () => void {
  return () => void request().catch((error: unknown) => life.signal.aborted || log.bug(error))
}

function nothingToWatch(content: string): CommandError {
  const message = `Cannot watch "${content}": a bare repository has no work tree; mill serve answers with its branches`
  return new CommandError('serve/bare', message, { exit: EXIT.usage })
}

function refuseEmpty(channels: Channels, content: string): void {
  if (channels.channels().some(({ name, status }) => name !== 'dev' && status !== 'empty')) return
  if (!channels.channel('dev')?.diagnostics.some(({ code }) => code === 'discover/empty')) return
  throw new CommandError(
    'discover/empty',
    `Cannot serve "${content}": it holds no content, expected agents/<flow>/<type>.md or skills/; mill dev would wait for it`,
  )
}

function rootChannel({ channels, hasWorkTree }: Opened, { root, watch }: ServeOptions): string {
  const isDev = watch || (hasWorkTree && channels.channel('main') === undefined)
  if (root === undefined) return isDev ? 'dev' : 'main'
  if (channels.channel(root) !== undefined) return root
  const known = channels.channels().map(({ name }) => name)
  throw new CommandError(
    'serve/unknown-channel',
    `Cannot serve channel "${root}" at /: expected one of ${known.join(', ')}`,
    { exit: EXIT.usage },
  )
}
