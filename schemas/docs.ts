import { z } from 'zod'
import { docReferenceSchema } from './group.ts'
import { docId } from './ids.ts'

/** One document that is served by itself, not as a part of a skill. */
const docSchema = z.strictObject({
  id: docId,
  display_name: z.string().min(1),
  description: z.string().min(1).max(1024),
  tags: z.array(z.string().min(1)).optional(),
  /** Where its text comes from; several texts are joined in this order. */
  urls: z.array(docReferenceSchema).min(1),
  /** Also serve it as `<id>.md`. */
  release_asset: z.boolean().optional(),
})
export type Doc = z.infer<typeof docSchema>

/** The documents of `docs.yaml`. */
export const docListSchema = z.array(docSchema)

/** `docs.yaml`: a list of documents, bare or under the key `docs`. */
export const docsSchema = z.union([docListSchema, z.strictObject({ docs: docListSchema })])
