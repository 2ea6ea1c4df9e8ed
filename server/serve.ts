import { dirname } from 'node:path'
import { discover } from '../build/discover.ts'
import { gather } from '../build/gather.ts'
import { GitError } from '../build/git/command.ts'
import { openRepository, type Repository } from '../build/git/repository.ts'
import type { ScriptMemo } from '../build/scripts.ts'
import { CommandError, EXIT } from '../schemas/cli.ts'
import { createApp } from './app.ts'
import { type Channels, openChannels } from './channels.ts'
import { coalesce } from './coalesce.ts'
import { listen } from './listen.ts'
import type { Log } from './log.ts'
import type { ServingState } from './serving-state.ts'
import { openStore } from './store.ts'
import { storeFolder } from './store-folder.ts'
import { poll, type Watch, watchContent, watchRefs } from './watch.ts'

export interface ServeOptions {
  /** Content folder, absolute. */
  readonly content: string
  /** 0 takes any free port. */
  readonly port: number
  /** Channel answered at `/`; undefined lets the mode choose. */
  readonly root: string | undefined
  /** Folder for releases, absolute; undefined for the default one. */
  readonly store: string | undefined
  /** Follow the work tree, and start even when there is nothing in it yet. */
  readonly watch: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly now: () => Date
  readonly log: Log
}

/** A running server. */
export interface Serving {
  readonly port: number
  readonly state: ServingState
  /** Ends all it started; open replies get 3 seconds. */
  readonly close: () => Promise<void>
}

/** How often branches are looked at, should no hint arrive. */
const POLL_MS = 1_000

/**
 * Opens the store, builds the channels, watches what they follow, and listens.
 *
 * @throws {CommandError} when it cannot; nothing is left running then.
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const closers: (() => void | Promise<void>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    // Read once more by the first build; here it refuses a folder that cannot be read before anything is written.
    await discover(options.content)
    const repository = await findRepository(options)
    if (repository !== undefined) closers.push(repository.close)
    const store = await openStore({
      dir: await storeFolder({
        chosen: options.store,
        home: repository?.topLevel ?? dirname(options.content),
      }),
      content: options.content,
      now: options.now,
    })
    const scripts: ScriptMemo = new Map()
    const channels = openChannels({
      store,
      repository,
      discover: () => gather(options.content, scripts),
      onChange: options.log.change,
    })
    await firstBuild(channels, options)
    closers.push(await follow({ channels, repository }, options))
    const state = { ...channels, root: rootChannel(channels, options) }
    const listening = await listen(createApp(state, { onBug: options.log.bug }), options.port)
    closers.push(listening.close)
    return { port: listening.port, state, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function findRepository({ content, env, log }: ServeOptions): Promise<Repository | undefined> {
  const found = await openRepository(content, env)
  if (found.repository === undefined && found.problem !== undefined) {
    log.warn(
      `Cannot read the git repository of "${content}": ${found.problem}; only the channel dev is served`,
    )
  }
  return found.repository
}

async function firstBuild(channels: Channels, { content, watch, log }: ServeOptions): Promise<void> {
  await channels.refreshWorkTree()
  await channels.refreshBranches().catch(tellGitError(log))
  await channels.restoreRetired()
  if (watch || channels.channels().some(({ name, status }) => name !== 'dev' && status !== 'empty')) return
  if (!channels.channel('dev')?.diagnostics.some(({ code }) => code === 'discover/empty')) return
  throw new CommandError(
    'discover/empty',
    `Cannot serve "${content}": it holds no content, expected agents/<flow>/<type>.md or skills/; mill dev would wait for it`,
  )
}

async function follow(
  { channels, repository }: { readonly channels: Channels; readonly repository: Repository | undefined },
  { content, watch, log }: ServeOptions,
): Promise<() => Promise<void>> {
  const tree = coalesce(channels.refreshWorkTree)
  const branches = coalesce(() => channels.refreshBranches().catch(tellGitError(log)))
  const run = (request: () => Promise<void>) => () => void request().catch(log.bug)
  const watches: Watch[] = []
  if (repository !== undefined) {
    watches.push(await watchRefs(repository.gitDir, run(branches)), poll(POLL_MS, run(branches)))
  }
  if (watch) {
    watches.push(await watchContent(content, run(tree)))
    // What was saved between the first build and this moment gave no hint.
    run(tree)()
  }
  return async () => void (await Promise.all(watches.map((one) => one.close())))
}

function rootChannel(channels: Channels, { root, watch }: ServeOptions): string {
  if (root === undefined) return watch || channels.channel('main') === undefined ? 'dev' : 'main'
  if (channels.channel(root) !== undefined) return root
  const known = channels.channels().map(({ name }) => name)
  throw new CommandError(
    'serve/unknown-channel',
    `Cannot serve channel "${root}" at /: expected one of ${known.join(', ')}`,
    { exit: EXIT.usage },
  )
}

function tellGitError(log: Log): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof GitError)) throw error
    log.warn(`Cannot read the branches: git says "${error.complaint}"; channels stay as they are`)
  }
}
