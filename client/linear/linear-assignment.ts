import { relative } from 'node:path'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { appToolsFor } from '../execute/app-tools-for.ts'
import type { Assignment } from '../execute/attempt.ts'
import { atMost, type Limits, limitsOf } from '../execute/limits.ts'
import type { Start } from '../execute/task-attempts.ts'
import type { AgentJob } from '../harness/harness.ts'
import type { Session } from '../session.ts'
import { completeTask } from '../tools/complete-task.ts'
import { assembleLinear } from './assemble-linear.ts'
import { leadOf, stepsOf } from './steps.ts'

/** Tools that need a queue of tasks, which one agent alone does not have. */
const OF_THE_QUEUE: ReadonlySet<string> = new Set(['enqueue_task', 'read_handoffs'])

export interface LinearDesk {
  readonly session: Session
  /** US dollars the run may still spend; undefined when there is no limit. */
  readonly usdLeft: () => number | undefined
  readonly onEvent: AgentJob['onEvent']
}

/** The job of the one agent: all prompts, every tool and skill any of them has, and their limits added up. */
export function linearAssignment(desk: LinearDesk, { task, attempt, model }: Start): Assignment {
  const { session, usdLeft, onEvent } = desk
  const { registry, app, folder, project, options, world, ledger, costOf } = session
  const steps = stepsOf(registry)
  const prompts = [registry.seed, ...steps]
  const lead = leadOf(steps, registry.seed)
  const { id, type, label, inputs } = task.spec
  const tools = toolsOf(prompts)
  const runFolder = folder.path
  const context = { ...project, runFolder: relative(app, runFolder).replaceAll('\\', '/') }
  return {
    id,
    model,
    ...effortOf(lead, options.harness.models),
    ...assembleLinear({ registry, project: context, steps, task }),
    subject: {
      ...{ flow: registry.flow, type, inputs, framework: project.framework, runFolder, by: id },
      steps: { seed: registry.seed.type, types: steps.map((step) => step.type) },
    },
    cwd: app,
    tools,
    hostTools: [
      completeTask({
        complete: async (report) => {
          await ledger.transact(() => ({
            events: [{ e: 'task-reported', id, attempt, ...report }],
            answer: undefined,
          }))
          return `Reported "${report.status}". You are finished; stop here`
        },
      }),
      ...appToolsFor(session)({ by: id, label }).filter(({ name }) => tools.allow.includes(name)),
    ],
    authorize: world.fence({ app, runFolder, ...tools }),
    limits: atMost(together(prompts), usdLeft()),
    costOf,
    onEvent,
  }
}

/** What any prompt may use beyond the queue; each prompt's tools are within the ceiling, so all of them are. */
export function toolsOf(prompts: readonly AgentPrompt[]): AgentJob['tools'] {
  const allowed = prompts.flatMap(({ allowedTools, disallowedTools }) =>
    allowedTools.filter((tool) => !disallowedTools.includes(tool) && !OF_THE_QUEUE.has(tool)),
  )
  return { allow: [...new Set([...allowed, 'complete_task'])], deny: [...OF_THE_QUEUE] }
}

/** Limits of all prompts added up; dollars only where each of them has a limit. */
export function together(prompts: readonly AgentPrompt[]): Limits {
  const each = prompts.map(limitsOf)
  const sum = (of: (limits: Limits) => number): number =>
    each.reduce((total, limits) => total + of(limits), 0)
  const isLimited = each.every(({ maxUsd }) => maxUsd !== undefined)
  return {
    maxTurns: sum(({ maxTurns }) => maxTurns),
    timeoutMs: sum(({ timeoutMs }) => timeoutMs),
    stallMs: Math.max(...each.map(({ stallMs }) => stallMs)),
    ...(isLimited ? { maxUsd: sum(({ maxUsd = 0 }) => maxUsd) } : {}),
  }
}

function effortOf(
  lead: AgentPrompt,
  models: Session['options']['harness']['models'],
): Pick<AgentJob, 'effort'> {
  const own = models.kind === 'named' ? lead[`effort_${models.profile}`] : undefined
  const effort = own ?? lead.effort
  return effort === undefined ? {} : { effort }
}
