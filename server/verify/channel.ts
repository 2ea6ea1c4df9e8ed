import { z } from 'zod'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import { type ChannelPointer, channelName, channelPointerSchema } from '../../schemas/channel.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import { doubtsOf } from '../../schemas/pointer-doubts.ts'
import { releaseId } from '../../schemas/release.ts'
import type { Check } from './check.ts'

const statusSchema = z.object({
  channel: channelName,
  status: z.string(),
  pointer: channelPointerSchema.nullable(),
})
/** What a check needs to know of a channel. */
export type SeenStatus = z.infer<typeof statusSchema>

const listSchema = z.object({ root: channelName, channels: z.array(statusSchema) })
/** What a check needs to know of all channels. */
export type SeenList = z.infer<typeof listSchema> & { readonly path: string }

/** What a server tells of its channels, or a static tree in a file; undefined where there is neither. */
export async function readList(check: Check): Promise<SeenList | undefined> {
  const found = await readEither(check, ['channels', 'channels.json'])
  if (found === undefined) return undefined
  const list = listSchema.safeParse(found.value)
  if (list.success) return { ...list.data, path: found.path }
  check.report('list', found.path, { expected: 'a list of channels', came: firstIssue(list.error) })
  return undefined
}

/** What is told of one channel; what is no such thing, or is not to be believed, is told. */
export async function readStatus(check: Check, name: string): Promise<SeenStatus | undefined> {
  const path = `channels/${name}`
  const found = await readEither(check, [path, `${path}.json`])
  if (found === undefined) {
    await check.need(`${path}.json`)
    return undefined
  }
  const status = statusSchema.safeParse(found.value)
  if (!status.success) {
    check.report('pointer', found.path, {
      expected: 'the pointer of a channel',
      came: firstIssue(status.error),
    })
    return undefined
  }
  const { channel, pointer } = status.data
  if (channel !== name || (pointer !== null && pointer.channel !== name)) {
    const came = `"${channel}" and "${pointer?.channel ?? channel}"`
    check.report('pointer', found.path, { expected: `channel "${name}"`, came })
  }
  if (pointer !== null) reportDoubts(check, found.path, pointer)
  return status.data
}

/** Tells what speaks against a pointer. */
export function reportDoubts(check: Check, path: string, pointer: ChannelPointer): void {
  for (const { code, ...mismatch } of doubtsOf(pointer, check.trust)) check.report(code, path, mismatch)
}

/** The release that a channel answers with; for what was never published, its menu knows. */
export async function releaseOf(check: Check, status: SeenStatus): Promise<string | undefined> {
  if (status.status === 'empty') return undefined
  if (status.pointer !== null) return status.pointer.release
  const path = `channels/${status.channel}/agent-menu.json`
  const bytes = await check.need(path)
  const menu = bytes && agentMenuSchema.safeParse(jsonOf(bytes)).data
  const id = releaseId.safeParse(menu?.buildVersion).data
  if (bytes !== undefined && id === undefined)
    check.report('agent-menu', path, { expected: 'a menu that names its release', came: 'something else' })
  return id
}

interface Found {
  readonly path: string
  readonly value: unknown
}

/** The first of the paths that answers with JSON; the last one that answers at all when none does. */
async function readEither(check: Check, paths: readonly string[]): Promise<Found | undefined> {
  let last: Found | undefined
  for (const path of paths) {
    const { bytes } = await check.read(path)
    if (bytes === undefined) continue
    last = { path, value: jsonOf(bytes) }
    if (last.value !== undefined) return last
  }
  return last
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'something else' : `${issue.message} at ${issue.path.join('.') || 'its top'}`
}
