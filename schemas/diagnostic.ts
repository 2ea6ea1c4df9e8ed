import { z } from 'zod'

/** A mechanical change that would remove the problem. */
export const fixSchema = z.strictObject({
  /** What to do, as one sentence for a person. */
  description: z.string().min(1),
  /** Text to put in place of the text at the diagnostic's position; absent when the fix is not a replacement. */
  replacement: z.string().optional(),
})

/** One problem in authored content, addressed to the place where it can be mended. */
export const diagnosticSchema = z.strictObject({
  /** File, relative to the content root, forward slashes. A report may put the root in front. */
  path: z.string(),
  /** 1-based. */
  line: z.int().min(1),
  /** 1-based, counted in UTF-16 code units. */
  column: z.int().min(1),
  severity: z.enum(['error', 'warning']),
  /** `stage/problem`, stable: a search for it finds the rule. */
  code: z.string().regex(/^[a-z]+\/[a-z0-9-]+$/) as z.ZodType<`${string}/${string}`>,
  /** Quotes the value and names what was wanted. */
  message: z.string().min(1),
  fix: fixSchema.optional(),
})

/** What `mill check --format json` prints. */
export const diagnosticsReportSchema = z.strictObject({ diagnostics: z.array(diagnosticSchema) })

export type Diagnostic = z.infer<typeof diagnosticSchema>
export type Fix = z.infer<typeof fixSchema>

/** True when at least one diagnostic is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
