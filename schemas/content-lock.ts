import { z } from 'zod'
import { digestSchema } from './digest.ts'

/** The bytes that a remote document had when it was accepted. */
export const lockedDocumentSchema = z.strictObject({ digest: digestSchema, size: z.int().min(1) })
export type LockedDocument = z.infer<typeof lockedDocumentSchema>

/** `content.lock`, beside the content: the bytes of every remote document, so that two builds of one commit agree. */
export const contentLockSchema = z.strictObject({
  version: z.literal(1),
  /** URL without its fragment → what was accepted from there. */
  documents: z.record(z.url({ protocol: /^https?$/ }), lockedDocumentSchema),
})
