import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChannelStatus, channelListSchema, channelStatusSchema } from '../../schemas/channel.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import { SITE_LOCK } from './site-lock.ts'
import { CHANNEL_LIST, CHANNELS, statusPath } from './static-tree.ts'

/** What earlier publications left in a folder, interrupted ones included. */
export interface SiteState {
  /** Channel answered at `/`; undefined before the first publication came to its end. */
  readonly root: string | undefined
  readonly channels: readonly ChannelStatus[]
}

/**
 * Reads what a folder holds; undefined for a new one.
 *
 * @throws {CommandError} `publish/folder` for a folder that nothing was published to.
 */
export async function readSite(dir: string, named: string): Promise<SiteState | undefined> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return []
    throw refusal(named, { problem: `${cause.code}`, wanted: 'expected a folder', cause })
  })
  if (names.every((name) => name.startsWith('.'))) return undefined
  const text = await textOf(join(dir, CHANNEL_LIST))
  if (text === undefined && !names.includes(SITE_LOCK)) {
    const problem = `it holds "${names.find((name) => !name.startsWith('.'))}"`
    throw refusal(named, { problem, wanted: 'expected an empty folder or an earlier publication' })
  }
  const list = text === undefined ? { root: undefined, channels: [] } : listIn(text, named)
  const states = new Map(list.channels.map((status) => [status.channel, status]))
  for (const status of await statusesIn(dir)) {
    const listed = states.get(status.channel)
    if (serialOf(status) > serialOf(listed)) states.set(status.channel, status)
  }
  return { root: list.root, channels: [...states.values()] }
}

/** A pointer is written before the list, so after an interruption it may have the higher serial. */
async function statusesIn(dir: string): Promise<ChannelStatus[]> {
  const files = await readdir(join(dir, CHANNELS)).catch(() => [])
  const found: ChannelStatus[] = []
  for (const file of files.filter((name) => name.endsWith('.json'))) {
    const channel = file.slice(0, -'.json'.length)
    const text = await textOf(join(dir, statusPath(channel)))
    const status = channelStatusSchema.safeParse(jsonOf(text ?? '')).data
    if (status?.channel === channel) found.push(status)
  }
  return found
}

function serialOf(status: ChannelStatus | undefined): number {
  return status?.pointer?.serial ?? 0
}

function listIn(text: string, named: string) {
  const { data, error } = channelListSchema.safeParse(jsonOf(text))
  if (data !== undefined) return data
  const problem = `its ${CHANNEL_LIST} cannot be read`
  throw refusal(named, { problem, wanted: 'expected an earlier publication', cause: error })
}

async function textOf(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').catch(() => undefined)
}

interface Refusal {
  readonly problem: string
  readonly wanted: string
  readonly cause?: unknown
}

function refusal(named: string, { problem, wanted, cause }: Refusal): CommandError {
  const message = `Cannot publish to "${named}": ${problem}, ${wanted}`
  return new CommandError('publish/folder', message, { exit: EXIT.usage, cause })
}
