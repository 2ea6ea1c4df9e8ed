import { z } from 'zod'
import { modelName } from './agent-prompt.ts'

const rate = z.number().min(0).max(100_000)

/** US dollars for a million tokens; a rate that is left out is not known. */
const rates = {
  input: rate,
  output: rate,
  cacheRead: rate.optional(),
  cacheWrite: rate.optional(),
}

const day = z.iso.date('expected a day such as "2026-10-07"')

/** What one model costs, since when, and who says so. */
export const priceSchema = z.strictObject({
  model: modelName,
  ...rates,
  /** A request whose prompt has more tokens than this costs these rates instead. */
  above: z.strictObject({ tokens: z.int().min(1), ...rates }).optional(),
  /** First day on which it holds; absent when it has always done. */
  from: day.optional(),
  source: z.string().min(1).max(300),
  checkedOn: day,
})
export type Price = z.infer<typeof priceSchema>

/** The file of `mill run --models`: which models may run, what stands in for one that cannot be had, what they cost. */
export const modelsFileSchema = z.strictObject({
  /** For prompts that name no model. */
  default: modelName.optional(),
  /** For every prompt, whatever it names and whoever queues it; as for an endpoint that has one model. */
  only: modelName.optional(),
  /** Nothing else runs; absent means every model that the flow's prompts name and what is named here. */
  allow: z.array(modelName).min(1).optional(),
  /** Model to what stands in for it when it cannot be had, best first. */
  fallback: z.record(modelName, z.array(modelName).min(1)).optional(),
  /** Asked before the built-in table. */
  prices: z.array(priceSchema).optional(),
})
export type ModelsFile = z.infer<typeof modelsFileSchema>
