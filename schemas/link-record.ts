import { z } from 'zod'

/** `content.links.json`, beside the content: the external links that did not answer when they were asked last. */
export const linkRecordSchema = z.strictObject({
  version: z.literal(1),
  /** URL without its fragment → when it was asked, and why that is no answer. */
  unanswered: z.record(
    z.url({ protocol: /^https?$/ }),
    z.strictObject({ on: z.iso.date(), reason: z.string().min(1).max(300) }),
  ),
})
export type LinkRecord = z.infer<typeof linkRecordSchema>
