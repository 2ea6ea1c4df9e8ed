import { z } from 'zod'
import { diagnosticSchema } from './diagnostic.ts'
import { digestOf } from './digest.ts'
import { pointerSignatureSchema } from './pointer-signature.ts'
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
  /** From then on nobody should believe the pointer; absent when it was given no end. */
  expires: z.iso.datetime().optional(),
  /** Absent when the server holds no key. */
  signature: pointerSignatureSchema.optional(),
})
export type ChannelPointer = z.infer<typeof channelPointerSchema>

/** A channel answers the release of its pin, whatever is built for it, until it is unpinned. */
export const channelPinSchema = z.strictObject({
  release: releaseId,
  /** Channel whose release it was when it was promoted; null when somebody named the release. */
  from: channelName.nullable(),
  pinnedAt: z.iso.datetime(),
})
export type ChannelPin = z.infer<typeof channelPinSchema>

/** One entry of `GET /channels`. */
export const channelStatusSchema = z.strictObject({
  channel: channelName,
  /** Branch it follows; null for the work tree. */
  branch: z.string().nullable(),
  status: z.enum(['live', 'stale', 'retired', 'empty']),
  pointer: channelPointerSchema.nullable(),
  /** Present while the channel is pinned: `pointer` names this release then. */
  pin: channelPinSchema.optional(),
  /** The newest build of a pinned channel: shown, not served. */
  newest: channelPointerSchema.optional(),
  /** The branch was moved back or aside, to a commit that does not come after what was served before; until it moves on. */
  rewound: z.boolean().optional(),
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
 * Channel name of a branch: its slug, so `experiment/x` is `experiment-x`. Wherever the branch could not be told
 * again from that slug, twelve hex digits of its digest follow. The name depends on the branch alone, so no other
 * branch, whatever it is called and whenever it comes, can change it or share it.
 */
export function channelOf(branch: string, reserved: readonly string[] = ['dev', 'main']): string {
  const slug = branch
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '')
  if (isReversible(branch) && !reserved.includes(slug)) return slug
  return [slug, digestOf(branch).slice(0, 12)].filter(Boolean).join('-')
}

/** What ends like a digest could be taken for the name of another branch, and a device is no file name on Windows. */
function isReversible(branch: string): boolean {
  if (branch.length > 60 || !/^[a-z0-9]+(\/[a-z0-9]+(-[a-z0-9]+)*)?$/.test(branch)) return false
  return !/[/-][0-9a-f]{12}$/.test(branch) && !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/.test(branch)
}
