import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BootstrappedRegistry } from '../../client/bootstrap/bootstrap.ts'
import { wallClock } from '../../client/clock.ts'
import type { AgentHarness, AgentJob, AgentOutcome } from '../../client/harness/harness.ts'
import type { SkillShelf } from '../../client/install/shelf.ts'
import type { FlowRules } from '../../client/queue/guards.ts'
import { openJournal } from '../../client/queue/journal.ts'
import { type Ledger, ledgerOf } from '../../client/queue/ledger.ts'
import { emptyQueue } from '../../client/queue/queue.ts'
import type { RunOptions, World } from '../../client/session.ts'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { Handoff } from '../../schemas/handoff.ts'
import type { RunEvent, TaskSpec } from '../../schemas/run-event.ts'

/** A folder that is gone when the test is. */
export function scratch(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'mill-run-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** An app folder with a manifest. */
export function scratchApp(): { readonly path: string } & Disposable {
  const dir = scratch()
  writeFileSync(join(dir.path, 'package.json'), '{"name":"shop"}')
  return dir
}

export const handoff = (did = 'did it'): Handoff => ({ goals: 'the goal', did, forNextAgent: 'go on' })

export function spec(
  number: number,
  dependsOn: readonly number[] = [],
  more: Partial<TaskSpec> = {},
): TaskSpec {
  return {
    id: `t${number}`,
    type: 'work',
    label: `Task ${number}`,
    dependsOn: dependsOn.map((other) => `t${other}`),
    inputs: { number },
    maxAttempts: 2,
    enqueuedBy: 'seed',
    depth: 0,
    optional: false,
    ...more,
  }
}

export const enqueued = (...args: Parameters<typeof spec>): RunEvent => ({
  e: 'task-enqueued',
  at: 0,
  task: spec(...args),
})
export const started = (number: number, attempt = 1): RunEvent => ({
  e: 'task-started',
  at: 1,
  id: `t${number}`,
  attempt,
  model: 'm',
})
type Status = 'done' | 'not-needed' | 'failed'
export const reported = (number: number, status: Status = 'done', attempt = 1): RunEvent => ({
  e: 'task-reported',
  at: 2,
  id: `t${number}`,
  attempt,
  status,
  handoff: handoff(),
  reason: 'because',
})
type Ended = Extract<RunEvent, { e: 'attempt-ended' }>
export const ended = (number: number, more: Partial<Ended> = {}): RunEvent => ({
  e: 'attempt-ended',
  at: 3,
  id: `t${number}`,
  attempt: 1,
  failure: null,
  retry: false,
  turns: 1,
  usage: [],
  ...more,
})
export const done = (number: number): RunEvent[] => [started(number), reported(number), ended(number)]
export const crash = { kind: 'crash', message: 'boom' } as const
export const failed = (number: number): RunEvent[] => [started(number), ended(number, { failure: crash })]

export const rules = (more: Partial<FlowRules> = {}): FlowRules => ({
  types: new Map([
    ['work', { sink: false, runnerSeeded: false, dependsOn: [] }],
    ['ask', { sink: false, runnerSeeded: true, dependsOn: [] }],
    ['report', { sink: true, runnerSeeded: false, dependsOn: [] }],
  ]),
  models: new Set(['m', 'strong']),
  maxTasks: 30,
  maxDepth: 5,
  ...more,
})

/** A ledger whose journal is a list, written at once. */
export function memoryLedger(events: RunEvent[] = []): Ledger {
  let time = 0
  return ledgerOf({
    queue: emptyQueue,
    append: async (batch) => void events.push(...batch),
    now: () => time++,
  })
}

export function prompt(type: string, more: Partial<AgentPrompt> = {}): AgentPrompt {
  return {
    type,
    flow: 'demo',
    model: 'm',
    skills: [],
    allowedTools: ['Read', 'enqueue_task', 'complete_task', 'read_handoffs'],
    disallowedTools: [],
    dependsOn: [],
    body: `Do ${type}.`,
    ...more,
  }
}

/** Skills of a release that has none. */
export const emptyShelf: SkillShelf = {
  skills: [],
  install: (id) => Promise.reject(new RangeError(`no skill ${id}`)),
}

export function registry(
  prompts: readonly AgentPrompt[],
  seed: Partial<AgentPrompt> = {},
): BootstrappedRegistry {
  return {
    flow: 'demo',
    release: 'r1',
    channel: 'main',
    seed: prompt('seed', { seed: true, ...seed }),
    prompts: new Map(prompts.map((each) => [each.type, each])),
    contracts: { seed: 'SEED CONTRACT', task: 'TASK CONTRACT' },
    skills: new Map(),
    shelf: emptyShelf,
  }
}

/** What one agent does: it may call its host tools, and may return how it ended, which is else `done`. */
export type Script = (agent: Agent) => Promise<unknown>
export interface Agent {
  readonly job: AgentJob
  readonly call: (tool: string, input?: unknown) => Promise<string>
}

export function scripted(script: Script): AgentHarness {
  return {
    name: 'scripted',
    disclosure: 'no model: scripted',
    models: { kind: 'named', profile: 'sdk', fallback: 'scripted' },
    check: async () => ({ ok: true, version: '1' }),
    run: async (job) => {
      const call = async (tool: string, input: unknown = {}): Promise<string> => {
        const found = job.hostTools.find(({ name }) => name === tool)
        if (!found) throw new Error(`no tool ${tool}`)
        return found.run(input, job.signal)
      }
      const outcome: AgentOutcome = { end: 'done', turns: 1, usage: [], ms: 1 }
      const end = await script({ job, call })
      return typeof end === 'object' ? { ...outcome, ...end } : outcome
    },
  }
}

export const finish = (call: Agent['call'], did?: string): Promise<string> =>
  call('complete_task', { status: 'done', handoff: handoff(did) })

export const world = (found: BootstrappedRegistry, more: Partial<World> = {}): World => ({
  detect: async () => ({ framework: 'nextjs', name: 'shop' }),
  bootstrap: async () => found,
  fence: () => async () => ({ allow: true }),
  clock: wallClock,
  random: () => 0.5,
  ...more,
})

export const options = (app: string, harness: AgentHarness, more: Partial<RunOptions> = {}): RunOptions => ({
  launchedAt: Date.now(),
  app,
  base: 'http://localhost:8765',
  flow: 'demo',
  concurrency: 1,
  maxTasks: 30,
  limits: {},
  resume: false,
  harness,
  faces: () => [],
  signal: new AbortController().signal,
  ...more,
})

export const flow = registry([prompt('work'), prompt('report', { sink: true })])

/** Queues two parallel tasks and the sink, whenever it is asked: what is queued already is refused, and that is fine. */
export async function planThree({ call }: Agent): Promise<void> {
  const enqueue = (input: object) =>
    call('enqueue_task', input).catch((error: Error) => {
      if (!error.message.includes('it is queued as')) throw error
    })
  await enqueue({ type: 'work', inputs: { n: 1 } })
  await enqueue({ type: 'work', inputs: { n: 2 } })
  await enqueue({ type: 'report', dependsOn: ['t1', 't2'] })
}

export const isSeed = ({ job }: Agent): boolean => job.subject.by === 'seed'
/** Agents of which the planner does one thing, and every other one another. */
export const agents = (plan: Script, work: Script): AgentHarness =>
  scripted((agent) => (isSeed(agent) ? plan(agent) : work(agent)))
/** Three tasks, of which each does this. */
export const working = (work: Script): AgentHarness => agents(planThree, work)
/** Whatever is planned is done. */
export const planning = (plan: Script): AgentHarness => agents(plan, ({ call }) => finish(call))
export const threeTasks = planning(planThree)

export async function journalOf(folder: string): Promise<readonly RunEvent[]> {
  const journal = await openJournal(join(folder, 'audit.jsonl'))
  await journal.close()
  return journal.events
}
