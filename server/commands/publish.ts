import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { buildWithDocuments, printFindings } from '../../build/commands/content.ts'
import { type DocumentFlags, documentOptions } from '../../build/commands/documents.ts'
import { CorruptReleaseError, readPointer, readRelease } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import { type ChannelPointer, channelName } from '../../schemas/channel.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { publishSite } from '../publish/publish-site.ts'
import { withSite } from '../publish/site-lock.ts'
import { readSite, type SiteState } from '../publish/site-state.ts'
import type { StaticChannel } from '../publish/static-tree.ts'
import { sealed } from '../signing/pointer.ts'
import { parseBaseUrl } from './base-url.ts'
import { refuseBeyondCeiling } from './ceiling-now.ts'
import { knownChannel } from './known-channel.ts'
import { type SealFlags, sealOf, sealOptions } from './seal-options.ts'
import { findStore, storeOption } from './store-place.ts'

interface Flags extends DocumentFlags, SealFlags {
  readonly to: string
  readonly baseUrl: string
  readonly content: string
  readonly channel?: readonly string[]
  readonly as: string
  readonly root?: string
  readonly store?: string
  readonly prune?: true
}

const HELP = `
Writes what the server answers as files that any web server or bucket serves as they are: /, /channels/<name>/ and
/v/<release>/, each with agents/ and skills/. What is there already is left alone, what is new goes first, pointers
last. Publications to one folder wait for each other; its .mill-lock is for that, and need not be uploaded. A channel
of the store whose release gives its agents tools beyond its ceiling is refused.

A static host cannot do three things. It has no file and folder of one name: what the server tells at /channels and
/channels/<name> is in channels.json and channels/<name>.json (nginx: try_files $uri $uri.json =404). It answers
no /assign, /events or /metrics. It chooses no encoding and sends no Cache-Control unless told to:
/v/ never changes, all else should be no-cache.

Examples:
  $ mill publish --to public --base-url https://example.com/mill/
  $ mill publish --to public --base-url https://example.com/ --channel main --channel experiment-x
  $ mill publish --to public --base-url https://example.com/ --sign mill-signing-key.pem --expires 30d
  $ mill verify public`

/** `mill publish`: channels as a folder for any web server. */
export function publishCommand(io: CliIo): Command {
  const command = new Command('publish')
    .description('Write channels as a static tree that any web server or bucket serves as it is')
    .requiredOption('--to <folder>', 'folder to write to: empty, or of an earlier publication')
    .addOption(
      new Option('--base-url <url>', 'address that the folder will answer at')
        .argParser(parseBaseUrl)
        .makeOptionMandatory(),
    )
    .option('--content <dir>', 'content folder to build and publish', 'content')
    .option('--as <channel>', 'channel that --content is published as', 'dev')
    .addOption(
      new Option('--channel <name...>', 'channels of the store to publish instead').conflicts([
        'content',
        'as',
      ]),
    )
    .option('--root <channel>', 'channel that answers at / (default: the first one of a new folder)')
    .option('--prune', 'take away releases that no channel of the folder answers with any more')
    .addOption(storeOption())
    .addHelpText('after', HELP)
    .action((flags: Flags) => run(io, flags))
  for (const option of [...sealOptions(), ...documentOptions()]) command.addOption(option)
  return command
}

async function run(io: CliIo, flags: Flags): Promise<void> {
  const seal = await sealOf(io, flags)
  const dir = resolve(io.cwd, flags.to)
  // What is no such folder is refused before anything is built, or written to it.
  await readSite(dir, flags.to)
  const found = flags.channel === undefined ? await built(io, flags) : await stored(io, flags)
  if (found.length === 0) return io.exit(EXIT.problems)
  await withSite(dir, flags.to, async () => {
    const before = await readSite(dir, flags.to)
    const channels = found.map(({ release, pointerAfter }): StaticChannel => {
      const pointer = sealed(pointerAfter(before), seal)
      const { channel } = pointer
      return { release, status: { channel, branch: null, status: 'live', pointer, diagnostics: [] } }
    })
    await write(io, flags, { dir, channels, before })
  })
}

interface Writing {
  readonly dir: string
  readonly channels: readonly StaticChannel[]
  readonly before: SiteState | undefined
}

async function write(io: CliIo, flags: Flags, { dir, channels, before }: Writing): Promise<void> {
  const names = channels.map(({ status }) => status.channel)
  const root = rootOf(flags.root, names, before)
  const { baseUrl, prune = false } = flags
  const { written, removed } = await publishSite({ dir, baseUrl, root, channels, prune }, before)
  for (const { status } of channels) {
    const { release, serial } = status.pointer ?? {}
    io.stdout.write(`${status.channel}  release ${release}  serial ${serial}\n`)
  }
  io.stdout.write(`${written} files written, ${removed} removed in ${flags.to} for ${baseUrl}\n`)
}

interface Found {
  readonly release: Release
  /** The pointer, beside what the folder has when it is written. */
  readonly pointerAfter: (before: SiteState | undefined) => ChannelPointer
}

/** Builds the content folder; the folder of the site remembers its serial. */
async function built(io: CliIo, flags: Flags): Promise<Found[]> {
  const channel = channelName.safeParse(flags.as)
  if (!channel.success) {
    const message = `Cannot publish as "${flags.as}": expected a channel name of lower-case letters, digits and single dashes`
    throw new CommandError('publish/channel', message, { exit: EXIT.usage })
  }
  const outcome = await buildWithDocuments(io, flags.content, flags)
  const { release, diagnostics } = outcome
  if (diagnostics.length > 0) printFindings(io, outcome, { format: 'pretty', content: flags.content })
  if (release === undefined || hasErrors(diagnostics)) return []
  const pointerAfter = (before: SiteState | undefined): ChannelPointer => {
    const last = before?.channels.find((status) => status.channel === channel.data)?.pointer ?? undefined
    if (last?.release === release.id) return last
    return {
      channel: channel.data,
      release: release.id,
      serial: (last?.serial ?? 0) + 1,
      commit: null,
      publishedAt: new Date().toISOString(),
    }
  }
  return [{ release, pointerAfter }]
}

async function stored(io: CliIo, flags: Flags): Promise<Found[]> {
  const store = await findStore(io, flags)
  const found: Found[] = []
  for (const name of new Set(flags.channel)) {
    const channel = await knownChannel(store, name)
    const pointer = await readPointer(store, channel)
    if (pointer === undefined) continue
    const release = await readRelease(store, pointer.release).catch(refuseDamaged)
    const refusal = `Cannot publish channel "${channel}" with release ${release.id}`
    await refuseBeyondCeiling(io, { store, channel, release, refusal })
    found.push({ release, pointerAfter: () => pointer })
  }
  return found
}

function refuseDamaged(cause: Error): never {
  if (!(cause instanceof CorruptReleaseError)) throw cause
  const message = `${cause.message}; mill serve answers with the last good one and mends the store`
  throw new CommandError('release/damaged', message, { cause })
}

/** A publication of other channels leaves the one at `/` as it is. */
function rootOf(wanted: string | undefined, names: readonly string[], before: SiteState | undefined): string {
  if (wanted === undefined) return before?.root ?? names[0] ?? ''
  if (names.includes(wanted)) return wanted
  throw new CommandError(
    'publish/root',
    `Cannot answer at / with channel "${wanted}": expected one that is published, ${names.join(', ')}`,
    { exit: EXIT.usage },
  )
}
