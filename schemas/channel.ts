import { z } from 'zod'
import { diagnosticSchema } from './diagnostic.ts'
import { digestOf } from './digest.ts'
import { releaseId } from './release.ts'

/** Name of a channel, as it stands in a URL. */
export const channelName = z
  .string()
  .max(80)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'expected a channel name of lower-case letters, digits and single dashes',
  )

/** `store/channels/<name>.json`: which release a channel serves. Replaced atomically, last. */
export const channelPointerSchema = z.strictObject({
  channel: channelName,
  release: releaseId,
  /** Rises by one with every change of `release`. */
  serial: z.int().min(1),
  /** Commit the release was built from; null for the work tree. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
    .nullable(),
  publishedAt: z.iso.datetime(),
})
export type ChannelPointer = z.infer<typeof channelPointerSchema>

/** One entry of `GET /channels`. */
export const channelStatusSchema = z.strictObject({
  channel: channelName,
  /** Branch it follows; null for the work tree. */
  branch: z.string().nullable(),
  status: z.enum(['live', 'stale', 'retired', 'empty']),
  pointer: channelPointerSchema.nullable(),
  /** Findings of the last build, whether it was published or not. */
  diagnostics: z.array(diagnosticSchema),
})
export type ChannelStatus = z.infer<typeof channelStatusSchema>

export const channelListSchema = z.strictObject({
  /** The channel answered at `/`. */
  root: channelName,
  channels: z.array(channelStatusSchema),
})
export type ChannelList = z.infer<typeof channelListSchema>

/**
 * Channel name of a branch: its slug, so `experiment/x` is `experiment-x`. Wherever the branch could not be
 * told again from that slug, eight hex digits of its digest follow, so two branches never share a channel.
 */
export function channelOf(branch: string, reserved: readonly string[] = ['dev', 'main']): string {
  const slug = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  const reversible = /^[a-z0-9]+(\/[a-z0-9]+(-[a-z0-9]+)*)?$/.test(branch) && branch.length <= 60
  if (reversible && !reserved.includes(slug)) return slug
  return [slug, digestOf(branch).slice(0, 8)].filter(Boolean).join('-')
}
