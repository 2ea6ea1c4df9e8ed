import { z } from 'zod'
import { digestSchema } from './digest.ts'
import { flowName, taskType } from './ids.ts'

/** `/agent-menu.json`, sorted by flow, then id. */
export const agentMenuSchema = z.object({
  version: z.literal('1.0'),
  /** The release this menu belongs to. */
  buildVersion: z.string().min(1),
  /** Every URL of this release starts with it; ends with `/`. */
  releaseUrl: z.url(),
  agents: z.array(
    z.object({
      id: taskType,
      flow: flowName,
      downloadUrl: z.url(),
      digest: digestSchema,
      size: z.int().min(0),
    }),
  ),
  /** One file per flow that holds all of its prompts and the contracts, so that a run needs one request. */
  flows: z.array(
    z.object({ id: flowName, downloadUrl: z.url(), digest: digestSchema, size: z.int().min(0) }),
  ),
})
export type AgentMenu = z.infer<typeof agentMenuSchema>

/** `agents-<flow>.json`: every prompt of a flow as served, and the contracts a client puts in front of them. */
export const flowBundleSchema = z.object({
  flow: flowName,
  /** Task type to the prompt's served text, frontmatter included. */
  agents: z.record(taskType, z.string().min(1)),
  contracts: z.object({
    /** Told to the seed; from `shared/seed-contract.md`. */
    seed: z.string().min(1),
    /** Told to every task; from `shared/task-contract.md`. */
    task: z.string().min(1),
    /** Told to one agent that does all of it alone; from `shared/linear-contract.md`, else there is none. */
    linear: z.string().min(1).optional(),
  }),
})
export type FlowBundle = z.infer<typeof flowBundleSchema>
