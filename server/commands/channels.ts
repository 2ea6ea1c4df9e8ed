import { Command, Option } from 'commander'
import { channelsIn, readChannel } from '../../build/publish/channel-state.ts'
import { newest, pointerOf } from '../../build/publish/record.ts'
import { type ChannelList, type ChannelStatus, channelListSchema } from '../../schemas/channel.ts'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import { httpSource } from '../verify/source.ts'
import { type ChannelRow, channelTable } from './channel-table.ts'
import { findStore, type StoreFlags, storeOption } from './store-place.ts'

interface Flags extends StoreFlags {
  readonly format: 'table' | 'json'
}

const HELP = `
Without an address the store is read, which knows what is published and pinned, and what was before. With one, the server
is asked, which knows too whether a channel is live, stale, retired or rewound.

Examples:
  $ mill channels
  $ mill channels http://localhost:8765
  $ mill channels --format json`

/** `mill channels`: what each channel answers with. */
export function channelsCommand(io: CliIo): Command {
  return new Command('channels')
    .description('List channels: status, release, serial, commit, age, and whether they are pinned')
    .argument('[url]', 'address of a server or a published folder; the store is read without one')
    .addOption(storeOption())
    .addOption(
      new Option('--format <format>', 'for people or programs').choices(['table', 'json']).default('table'),
    )
    .addHelpText('after', HELP)
    .action((url: string | undefined, flags: Flags) => run(io, url, flags))
}

async function run(io: CliIo, url: string | undefined, flags: Flags): Promise<void> {
  if (url !== undefined && flags.store !== undefined) {
    const message = `Cannot list the channels of "${url}" and of "${flags.store}": expected one of the two`
    throw new CommandError('channels/source', message, { exit: EXIT.usage })
  }
  const rows = url === undefined ? await inStore(await findStore(io, flags)) : await servedAt(io, url)
  io.stdout.write(
    flags.format === 'json' ? `${JSON.stringify({ channels: rows })}\n` : channelTable(rows, new Date()),
  )
}

async function inStore(store: string): Promise<ChannelRow[]> {
  const rows: ChannelRow[] = []
  for (const channel of await channelsIn(store)) {
    const { pointer, record } = await readChannel(store, channel)
    const built = newest(record)
    rows.push({
      channel,
      status: null,
      pointer: pointer ?? null,
      pin: record.pin,
      newest: record.pin !== null && built !== undefined ? pointerOf(built) : null,
      rewound: null,
      history: record.entries.toReversed().map(({ origin: _, ...entry }) => entry),
    })
  }
  return rows
}

async function servedAt(io: CliIo, url: string): Promise<ChannelRow[]> {
  const { channels, root } = await readList(io, url)
  return channels.map((status: ChannelStatus) => ({
    channel: status.channel,
    status: status.status,
    pointer: status.pointer,
    pin: status.pin ?? null,
    newest: status.newest ?? null,
    rewound: status.rewound ?? false,
    root: status.channel === root,
  }))
}

async function readList(io: CliIo, url: string): Promise<ChannelList> {
  const base = URL.parse(url)
  if (base === null || !/^https?:$/.test(base.protocol)) {
    const message = `Cannot list the channels of "${url}": expected an address such as http://localhost:8765`
    throw new CommandError('channels/source', message, { exit: EXIT.usage })
  }
  const source = httpSource(`${base.href.replace(/\/+$/, '')}/`, { signal: io.signal })
  let came = 'nothing'
  for (const path of ['channels', 'channels.json']) {
    const reading = await source.read(path)
    came = reading.came ?? 'something else'
    const list = reading.bytes && channelListSchema.safeParse(jsonOf(reading.bytes)).data
    if (list !== undefined) return list
  }
  throw new CommandError(
    'channels/unreadable',
    `Cannot list the channels of "${url}": ${came}, expected what mill serve answers at /channels`,
  )
}
