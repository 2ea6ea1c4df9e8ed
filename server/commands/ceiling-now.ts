import { GitError } from '../../build/git/command.ts'
import { openRepository, type Repository } from '../../build/git/repository.ts'
import { readChannel } from '../../build/publish/channel-state.ts'
import { newest } from '../../build/publish/record.ts'
import type { Release } from '../../build/release.ts'
import { tellBeyond, toolBeyond } from '../../build/release-tools.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { openBranchSource } from '../channels/branch-source.ts'
import { defaultBranch } from '../channels/branches.ts'
import { toolsOfText } from '../channels/channel-ceilings.ts'
import { openDeclarations } from '../channels/declarations.ts'
import { originOf, type StoreOrigin } from '../store/store-origin.ts'

/** What a command would let a channel of a store answer with. */
export interface Wish {
  readonly store: string
  readonly channel: string
  readonly release: Release
  /** What is refused, as a sentence begins: `Cannot pin channel "x" to release 4f1c`. */
  readonly refusal: string
}

/**
 * Refuses a release that gives tools beyond the ceiling of a channel.
 *
 * @throws {CommandError} `release/ceiling`
 */
export async function refuseBeyondCeiling(
  { env }: Pick<CliIo, 'env'>,
  { store, channel, release, refusal }: Wish,
): Promise<void> {
  const tools = await toolsOf(env, store, channel)
  const named = tools && toolBeyond(release, tools)
  if (tools === undefined || named === undefined) return
  throw new CommandError('release/ceiling', `${refusal}: ${tellBeyond(named, tools)}`, { exit: EXIT.usage })
}

/**
 * What the default branch lets a channel give, as a server would be told; where it cannot be asked, what the channel
 * was built under last. Undefined when nothing is forbidden.
 */
async function toolsOf(
  env: CliIo['env'],
  store: string,
  channel: string,
): Promise<ReadonlySet<string> | undefined> {
  const origin = await lastOrigin(store, channel)
  if (origin === undefined) return undefined
  const { repository } = await openRepository(origin.content, env)
  try {
    const before = (await lastOrigin(store, 'main'))?.branch ?? null
    const declared = repository && (await declarationsOf(repository, before))
    if (declared !== undefined) return declared.ceilingOf(channel)?.tools
  } catch (error) {
    if (!(error instanceof GitError)) throw error
  } finally {
    repository?.close()
  }
  return origin.ceiling === null ? undefined : toolsOfText(origin.ceiling)
}

/** What the newest build of a channel came from. */
async function lastOrigin(store: string, channel: string): Promise<StoreOrigin | undefined> {
  const built = newest((await readChannel(store, channel)).record)
  return built && originOf(built)
}

async function declarationsOf(repository: Repository, before: string | null) {
  const source = openBranchSource(repository, () => Promise.reject(new Error('No document is asked for')))
  const refs = await source.refs()
  const name = defaultBranch(refs, { now: null, before })
  const main = refs.branches.find((branch) => branch.name === name)
  if (main === undefined) return undefined
  const declarations = openDeclarations(source, { declare: () => undefined })
  await declarations.read(main)
  return declarations
}
