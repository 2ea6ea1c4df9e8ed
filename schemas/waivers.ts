import { z } from 'zod'
import { digestSchema } from './digest.ts'

const waiverSchema = z.strictObject({
  /** Code of the finding, such as `safety/injection`. */
  rule: z
    .string()
    .regex(/^[a-z]+\/[a-z0-9-]+$/, 'expected the code of a finding, such as "safety/injection"'),
  /** File that the finding is told of, relative to the content root. */
  path: z.string().min(1),
  /** Of the offending text; the finding tells it. */
  digest: digestSchema,
  /** Why the text may stand. */
  reason: z.string().min(1),
})

/** `waivers.yaml`: findings of the safety rules that somebody has looked at and answers for. */
export const waiversSchema = z.array(waiverSchema)
