import { z } from 'zod'
import { channelName, channelStatusSchema } from './channel.ts'

/** What the server says when it does not give what was asked for. */
export const refusalSchema = z.strictObject({
  /** `subject/problem`, stable. */
  error: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/),
  /** A sentence: what could not be done, and what was expected. */
  message: z.string().min(1),
})

/** `GET /healthz`. */
export const healthSchema = z.strictObject({
  status: z.literal('ok'),
  /** The channel answered at `/`. */
  root: channelName,
  channels: z.record(channelName, channelStatusSchema.shape.status),
})
