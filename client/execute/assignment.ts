import { relative } from 'node:path'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { AgentEvent, AgentJob, HarnessModels, HostTool } from '../harness/harness.ts'
import type { CostOf } from '../models/cost.ts'
import type { ModelPolicy } from '../models/model-policy.ts'
import { type Assembled, assembleSeed, assembleTask, type ProjectContext } from '../prompts/assemble.ts'
import type { Registry } from '../prompts/registry.ts'
import type { AppToolsFor } from '../tools/app-tools.ts'
import { completeTask } from '../tools/complete-task.ts'
import { enqueueTask } from '../tools/enqueue-task.ts'
import { readHandoffs } from '../tools/read-handoffs.ts'
import type { Assignment } from './attempt.ts'
import { atMost, limitsOf } from './limits.ts'
import { type OperationsOptions, operationsFor } from './operations.ts'
import type { Start } from './task-attempts.ts'

/** Names that an agent may and may not use. */
export type ToolLists = AgentJob['tools']

type Profile = Extract<HarnessModels, { kind: 'named' }>['profile'] | undefined

/** Everything an agent's job is made of that is the same for the whole run. */
export interface Desk extends OperationsOptions {
  readonly registry: Registry
  readonly models: ModelPolicy
  /** Whose settings of a prompt count, where it has some for each profile. */
  readonly profile: Profile
  readonly costOf: CostOf
  /** US dollars the run may still spend; undefined when there is no limit. */
  readonly usdLeft: () => number | undefined
  /** Absolute. */
  readonly app: string
  readonly project: { readonly name: string; readonly framework: string | null }
  /** Absolute, inside `app`. */
  readonly runFolder: string
  readonly authorizeFor: (tools: ToolLists) => AgentJob['authorize']
  readonly onActivity: (id: string, event: AgentEvent) => void
  /** Tools for the app, the person and the skills of the release. */
  readonly appToolsFor: AppToolsFor
}

/** Planning looks and queues; whatever else its prompt allows, it gets no more than this. */
const SEED_TOOLS: readonly string[] = [
  ...['Read', 'Glob', 'Grep', 'enqueue_task', 'check_env_keys', 'detect_package_manager', 'load_skill_menu'],
]

/** The planner's job. */
export function seedAssignment(desk: Desk): Assignment {
  const { registry, ledger } = desk
  const prompt = registry.seed
  const operations = operationsFor({ by: 'seed' }, desk)
  const allow = [...new Set([...prompt.allowedTools, 'enqueue_task'])].filter((tool) =>
    SEED_TOOLS.includes(tool),
  )
  return assignment(desk, {
    prompt,
    id: 'seed',
    model: desk.models.modelFor(prompt, undefined, ledger.head().lostModels),
    inputs: {},
    told: assembleSeed(registry, contextOf(desk), ledger.head()),
    tools: { allow, deny: prompt.disallowedTools },
    hostTools: [
      enqueueTask(operations, typesOf(registry)),
      ...desk.appToolsFor({ by: 'seed', label: 'planning' }),
    ],
  })
}

/** The job of one attempt at a task. */
export function taskAssignment(desk: Desk, { task, attempt, model }: Start): Assignment {
  const { registry, ledger } = desk
  const { id, type, label, inputs } = task.spec
  const prompt = promptOf(registry, type)
  const operations = operationsFor({ by: 'task', id, attempt }, desk)
  return assignment(desk, {
    prompt,
    id,
    model,
    inputs,
    told: assembleTask({ registry, project: contextOf(desk), queue: ledger.head(), prompt, task }),
    tools: { allow: [...new Set([...prompt.allowedTools, 'complete_task'])], deny: prompt.disallowedTools },
    hostTools: [
      enqueueTask(operations, typesOf(registry)),
      completeTask(operations),
      readHandoffs(operations, id),
      ...desk.appToolsFor({ by: id, label }),
    ],
  })
}

/** The agent prompt of a task type. */
export function promptOf(registry: Registry, type: string): AgentPrompt {
  const prompt = registry.prompts.get(type)
  if (!prompt) throw new RangeError(`Cannot run "${type}": flow "${registry.flow}" has no such type`)
  return prompt
}

function typesOf(registry: Registry): string[] {
  return [...registry.prompts.keys()]
}

interface Particulars extends Pick<AgentJob, 'id' | 'model' | 'tools'> {
  readonly prompt: AgentPrompt
  readonly inputs: Readonly<Record<string, unknown>>
  readonly told: Assembled
  readonly hostTools: readonly HostTool[]
}

function assignment(desk: Desk, { prompt, inputs, told, hostTools, ...job }: Particulars): Assignment {
  const effort = (desk.profile && prompt[`effort_${desk.profile}`]) ?? prompt.effort
  const { allow, deny } = job.tools
  return {
    ...job,
    ...told,
    ...(effort === undefined ? {} : { effort }),
    subject: {
      flow: desk.registry.flow,
      type: prompt.type,
      inputs,
      framework: desk.project.framework,
      runFolder: desk.runFolder,
      by: job.id,
    },
    cwd: desk.app,
    hostTools: hostTools.filter(({ name }) => allow.includes(name) && !deny.includes(name)),
    authorize: desk.authorizeFor(job.tools),
    limits: atMost(limitsOf(prompt), desk.usdLeft()),
    costOf: desk.costOf,
    onEvent: (event) => desk.onActivity(job.id, event),
  }
}

function contextOf({ app, runFolder, project }: Desk): ProjectContext {
  return { ...project, runFolder: relative(app, runFolder).replaceAll('\\', '/') }
}
