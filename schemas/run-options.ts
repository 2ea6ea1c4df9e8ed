import { z } from 'zod'
import { flowName } from './ids.ts'
import { modelsFileSchema } from './models.ts'

const asked = {
  base: z.url(),
  flow: flowName,
  /** Public key that the server is held to. */
  key: z.string().exactOptional(),
  harness: z.string().min(1),
  modelUrl: z.url().exactOptional(),
  concurrency: z.int().min(1),
  maxTasks: z.int().min(1),
  maxUsd: z.number().positive().exactOptional(),
  maxMinutes: z.number().positive().exactOptional(),
  models: modelsFileSchema.exactOptional(),
}

/** What a run was asked for, as far as it is needed to ask for the same again. Nothing else is kept: it may be secret. */
export const askedOptionsSchema = z.object(asked)
export type AskedOptions = z.infer<typeof askedOptionsSchema>

/** `options.json` of a run folder, for `mill resume` and whoever looks at runs. */
export const runOptionsSchema = z.strictObject({
  version: z.literal(1),
  /** Process that works, or worked last, on the run. */
  pid: z.int().min(1),
  /** What the harness says of itself. */
  disclosure: z.string(),
  ...asked,
})
export type RunFileOptions = z.infer<typeof runOptionsSchema>
