import { z } from 'zod'
import { flowName, skillId, taskType } from './ids.ts'

export const EFFORTS = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh'] as const
export const effortSchema = z.enum(EFFORTS)
export type Effort = z.infer<typeof effortSchema>

/** Tools an agent prompt may name. Everything else is refused at build time. */
export const TOOLS = [
  'Read',
  'Write',
  'Edit',
  'Glob',
  'Grep',
  'Bash',
  'enqueue_task',
  'complete_task',
  'read_handoffs',
  'set_env_values',
  'check_env_keys',
  'detect_package_manager',
  'ask_user',
  'load_skill_menu',
  'install_skill',
] as const
const toolSchema = z.enum(TOOLS)

/** A model id as the wire can carry it: no spaces, no comma, no `#`. */
export const modelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, 'expected a model id such as "claude-haiku-4-5-20251001"')

const fields = {
  type: taskType,
  flow: flowName,
  label: z.string().min(1).max(80).optional(),
  seed: z.boolean().optional(),
  sink: z.boolean().optional(),
  runnerSeeded: z.boolean().optional(),
  model: modelName.optional(),
  model_pi: modelName.optional(),
  model_sdk: modelName.optional(),
  effort: effortSchema.optional(),
  effort_pi: effortSchema.optional(),
  effort_sdk: effortSchema.optional(),
  skills: z.array(skillId).optional(),
  allowedTools: z.array(toolSchema).optional(),
  disallowedTools: z.array(toolSchema).optional(),
  dependsOn: z.array(taskType).optional(),
  timeout: z
    .string()
    .regex(/^[1-9][0-9]{0,4}(s|m|h)$/, 'expected a duration such as "90s", "10m" or "1h"')
    .optional(),
  maxTurns: z.int().min(1).max(1000).optional(),
  maxUsd: z.number().positive().max(1000).optional(),
  /** Why this task needs a dearer model than others of its flow. */
  reason: z.string().min(1).max(200).optional(),
}

/** Frontmatter of `agents/<flow>/<type>.md` as its author writes it. */
export const agentFrontmatterSchema = z.strictObject(fields)
export type AgentFrontmatter = z.infer<typeof agentFrontmatterSchema>

/** Key order of the served form; also the list of keys an author may write. */
export const AGENT_KEYS = Object.keys(fields) as readonly (keyof AgentFrontmatter)[]

/** An agent prompt as a client holds it: settings resolved, lists never absent. */
export const agentPromptSchema = agentFrontmatterSchema.extend({
  skills: z.array(skillId),
  allowedTools: z.array(toolSchema),
  disallowedTools: z.array(toolSchema),
  dependsOn: z.array(taskType),
  /** Markdown: goal and success criteria. */
  body: z.string().min(1),
})
export type AgentPrompt = z.infer<typeof agentPromptSchema>
