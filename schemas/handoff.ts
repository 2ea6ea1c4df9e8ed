import { z } from 'zod'

const text = z.string().min(1).max(8000, 'expected at most 8,000 characters')

/** What a finished attempt leaves for the next agent. */
export const handoffSchema = z.strictObject({
  goals: text,
  did: text,
  forNextAgent: text,
  filesTouched: z.array(z.string().min(1).max(400)).max(200, 'expected at most 200 paths').optional(),
  evidence: text.optional(),
  assumptions: text.optional(),
  conflict: text.optional(),
  /** Markdown for the final report. */
  reportSection: text.optional(),
})
export type Handoff = z.infer<typeof handoffSchema>
