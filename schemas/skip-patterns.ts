import { z } from 'zod'

const patterns = z.array(z.string().min(1).max(200)).nullish()

const skipListSchema = z.strictObject({
  /** Leaves out every path that contains one of these; `*` stands for anything within one segment, `**` for anything. */
  includes: patterns,
  /** Leaves out every path that one of these regular expressions finds something in. */
  regex: patterns,
  /** Brings back every path that contains one of these, whatever else says. */
  allow: patterns,
})
export type SkipList = z.infer<typeof skipListSchema>

/** `skip-patterns.yaml`: which files of an example app are not shown. Paths are relative to the app. */
export const skipPatternsSchema = z.strictObject({
  ...skipListSchema.shape,
  /** For every example app; the same keys at the top of the file mean the same. */
  global: skipListSchema.nullish(),
  /** Folder name of an example app → what holds for it besides. */
  examples: z.record(z.string().min(1), skipListSchema.nullable()).nullish(),
})
export type SkipPatterns = z.infer<typeof skipPatternsSchema>
