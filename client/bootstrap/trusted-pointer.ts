import { z } from 'zod'
import { type ChannelPointer, channelName, channelPointerSchema } from '../../schemas/channel.ts'
import { CommandError } from '../../schemas/cli.ts'
import { doubtsOf } from '../../schemas/pointer-doubts.ts'
import { type FetchOptions, fetchBytes } from './fetch.ts'
import type { TrustProblem } from './problems.ts'
import type { Remembered, Trust } from './trust.ts'
import { parseMenu } from './verify.ts'

/** What a server tells of a channel, as far as a run needs it. */
const statusSchema = z.object({ channel: channelName, pointer: channelPointerSchema.nullable() })

/** A pointer is much smaller, and so are the findings that may stand beside it; bytes. */
const STATUS_MAX = 4 * 1024 * 1024

/** Codes of a server that does not answer, whatever the reason. */
const OFFLINE = ['run/server-unreachable', 'run/server-failed', 'run/too-slow', 'run/cut-off']

export interface PointerOptions extends FetchOptions {
  readonly trust: Trust
}

/**
 * What the channel points at, as the key has signed it. While the server does not answer, the last pointer that held
 * goes on holding until its end.
 * @throws {CommandError} `trust/<problem>`
 */
export async function trustedPointer(
  { site, channel }: { readonly site: string; readonly channel: string },
  options: PointerOptions,
): Promise<ChannelPointer> {
  const { trust } = options
  const of = { key: trust.key.id, site, channel }
  const last = await recalled(of, trust)
  const pointer = await fetchPointer(of, options).catch((error: unknown) => {
    if (last === null || !(error instanceof CommandError) || !OFFLINE.includes(error.code)) throw error
    judge(last, { of, trust, last })
    const until = last.expires ?? 'for ever'
    trust.notice(
      `${error.message}\nGoing on with serial ${last.serial} of "${of.channel}", good until ${until}`,
    )
    return last
  })
  if (pointer === last) return pointer
  judge(pointer, { of, trust, last })
  await trust.memory.keep(of, pointer)
  return pointer
}

/** What is remembered has to be signed, too: whoever can write there could else choose the serial. */
async function recalled(of: Remembered, trust: Trust): Promise<ChannelPointer | null> {
  const last = await trust.memory.recall(of)
  if (last === null) return null
  const [doubt] = doubtsOf(last, { key: trust.key, now: new Date(0) })
  if (doubt === undefined && last.channel === of.channel) return last
  throw distrust('memory', of, `what is remembered of it is not signed by ${of.key}`)
}

/** A server tells it without an ending, a static host as a file. */
async function fetchPointer(of: Remembered, options: PointerOptions): Promise<ChannelPointer> {
  const url = `${of.site}/channels/${of.channel}`
  const read = (address: string) => fetchBytes(address, { ...options, maxBytes: STATUS_MAX })
  const [address, { bytes }] = await read(url).then(
    (found) => [url, found] as const,
    async (error: unknown) => {
      if (!(error instanceof CommandError) || error.code !== 'run/not-served') throw error
      return [`${url}.json`, await read(`${url}.json`)] as const
    },
  )
  const { channel, pointer } = parseMenu(statusSchema, address, bytes)
  if (pointer === null) throw distrust('no-pointer', of, 'its server tells no pointer of it')
  if (channel === of.channel && pointer.channel === of.channel) return pointer
  throw distrust('wrong-channel', of, `its server answers for "${pointer.channel}"`)
}

interface Judging {
  readonly of: Remembered
  readonly trust: Trust
  readonly last: ChannelPointer | null
}

const CODES = {
  unsigned: 'unsigned',
  'wrong-key': 'wrong-key',
  signature: 'signature',
  expired: 'expired',
  serial: 'rollback',
} as const

function judge(pointer: ChannelPointer, { of, trust, last }: Judging): void {
  const now = new Date(trust.now())
  const [doubt] = doubtsOf(pointer, { key: trust.key, now, minSerial: last?.serial })
  if (doubt !== undefined) {
    throw distrust(CODES[doubt.code], of, `expected ${doubt.expected}, came ${doubt.came}`)
  }
  if (last !== null && pointer.serial === last.serial && pointer.release !== last.release) {
    const why = `serial ${pointer.serial} was release ${last.release}, and came as ${pointer.release}`
    throw distrust('forked', of, why)
  }
}

/** A channel that is not believed. */
export function distrust(problem: TrustProblem, of: Remembered, why: string): CommandError {
  return new CommandError(`trust/${problem}`, `Cannot trust channel "${of.channel}" of "${of.site}": ${why}`)
}
