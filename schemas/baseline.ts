import { z } from 'zod'
import { digestSchema } from './digest.ts'

/** An old finding: the rule it breaks, the file, and the text that is blamed, whatever line that moves to. */
export const baselineEntrySchema = z.strictObject({
  code: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/, 'expected a code such as "validate/unknown-key"'),
  /** File, relative to the content root. */
  path: z.string().min(1),
  /** SHA-256 of the blamed line without the space around it. */
  digest: digestSchema,
  /** How many findings the same text gives rise to in that file. */
  count: z.int().min(1),
})
export type BaselineEntry = z.infer<typeof baselineEntrySchema>

/** `content.baseline.json`, beside the content: findings that were there when checking began, and may stay. */
export const baselineSchema = z.strictObject({
  version: z.literal(1),
  findings: z.array(baselineEntrySchema),
})
