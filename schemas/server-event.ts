import { z } from 'zod'
import { channelName, channelPointerSchema, channelStatusSchema } from './channel.ts'
import { diagnosticSchema } from './diagnostic.ts'

/** What `GET /events` tells. Its SSE `event` is the type; names and texts have their hidden characters written out. */
export const serverEventSchema = z.discriminatedUnion('type', [
  /** A channel was brought up to date, whatever came of it. */
  z.strictObject({
    type: z.literal('build'),
    channel: channelName,
    status: channelStatusSchema.shape.status,
    errors: z.int().min(0),
    warnings: z.int().min(0),
  }),
  /** A channel answers with another release, or under another serial. */
  z.strictObject({ type: z.literal('publish'), channel: channelName, pointer: channelPointerSchema }),
  /** The findings of a channel are others than before. */
  z.strictObject({
    type: z.literal('diagnostics'),
    channel: channelName,
    /** How many there are; beyond {@link MAX_EVENT_DIAGNOSTICS} the rest is told by `/channels/<name>`. */
    total: z.int().min(0),
    diagnostics: z.array(diagnosticSchema),
  }),
  /** A channel is new, or its status or branch is another; one that is listed no more is told as `empty`. */
  z.strictObject({
    type: z.literal('channel'),
    channel: channelName,
    branch: z.string().nullable(),
    status: channelStatusSchema.shape.status,
  }),
  /** Events were missed that are not kept any more: ask `/channels` anew. */
  z.strictObject({ type: z.literal('reset') }),
])
export type ServerEvent = z.infer<typeof serverEventSchema>

export const MAX_EVENT_DIAGNOSTICS = 100
