/** A queue in memory with hand-made host tools: enough to put a harness through a flow. */
import { join } from 'node:path'
import { wallClock } from '../../../client/clock.ts'
import { fence } from '../../../client/fence.ts'
import type {
  AgentEvent,
  AgentHarness,
  AgentJob,
  AgentOutcome,
  HostTool,
} from '../../../client/harness/harness.ts'
import { tell } from '../../../client/prompts/handoffs.ts'
import type { TaskState } from '../../../client/queue/queue.ts'
import { appToolsOf } from '../../../client/tools/app-tools.ts'
import type { Asker } from '../../../client/tools/ask/asker.ts'
import { questions } from '../../../client/tools/ask/questions.ts'
import { givenValues } from '../../../client/tools/env/given-values.ts'
import { type Handoff, handoffSchema } from '../../../schemas/handoff.ts'
import { emptyShelf } from '../scripted.ts'

export interface DeskTask {
  readonly id: string
  readonly type: string
  readonly dependsOn: readonly string[]
  readonly reason?: string
  status: 'pending' | 'done' | 'not-needed' | 'failed'
  handoff?: Handoff
  why?: string
}

export interface DeskOptions {
  readonly app: string
  readonly flow: string
  readonly framework: string | null
  readonly allow?: readonly string[]
  /** Environment values that the person gave. */
  readonly given?: ReadonlyMap<string, string>
  /** Nobody is there to answer without one. */
  readonly asker?: Asker
}

const ALL = ['Read', 'Write', 'Edit', 'Grep', 'Glob', 'Bash', 'read_handoffs', 'complete_task']
const OF_APP = ['set_env_values', 'check_env_keys', 'detect_package_manager', 'ask_user']

export class Desk {
  readonly tasks: DeskTask[] = []
  readonly events: AgentEvent[] = []
  readonly #options: DeskOptions

  constructor(options: DeskOptions) {
    this.#options = options
  }

  get runFolder(): string {
    return join(this.#options.app, '.mill/runs/r1')
  }

  of(type: string): DeskTask {
    const found = this.tasks.find((task) => task.type === type)
    if (!found) throw new Error(`Cannot find a task of type "${type}"`)
    return found
  }

  /** A job as the executor would make it. */
  job(by: string, type: string, more: Partial<AgentJob> = {}): AgentJob {
    const { app, flow, framework } = this.#options
    const allow =
      this.#options.allow ?? (by === 'seed' ? ['Read', 'Glob', 'Grep', 'enqueue_task'] : [...ALL, ...OF_APP])
    const tools = more.tools ?? { allow, deny: [] }
    return {
      id: `${by}#1`,
      subject: { flow, type, inputs: {}, framework, runFolder: this.runFolder, by },
      cwd: app,
      model: 'none',
      system: '',
      prompt: '',
      tools,
      hostTools: by === 'seed' ? [this.#enqueue()] : [this.#complete(by), this.#read(), ...this.#ofApp(by)],
      authorize: fence({ app, runFolder: this.runFolder, ...tools }),
      limits: { maxTurns: 60, timeoutMs: 300_000, stallMs: 300_000 },
      costOf: () => undefined,
      signal: new AbortController().signal,
      onEvent: (event) => this.events.push(event),
      ...more,
    }
  }

  /** Seeds, then runs every task once its dependencies have ended, in order. */
  async drain(harness: AgentHarness, skip: readonly string[] = []): Promise<AgentOutcome[]> {
    const outcomes = [await harness.run(this.job('seed', 'seed'))]
    for (const task of this.tasks) {
      const waits = task.dependsOn.filter(
        (id) => this.tasks.find((other) => other.id === id)?.status === 'failed',
      )
      if (waits.length > 0 || skip.includes(task.type)) continue
      outcomes.push(await harness.run(this.job(task.id, task.type)))
    }
    return outcomes
  }

  /** Seeds, then runs every task as soon as its dependencies are done, however many at once. */
  async drainAtOnce(harness: AgentHarness, skip: readonly string[] = []): Promise<void> {
    await harness.run(this.job('seed', 'seed'))
    const ends = new Map<string, Promise<unknown>>()
    for (const { id, type, dependsOn } of this.tasks) {
      const before = Promise.all(dependsOn.map((dependency) => ends.get(dependency)))
      const end = before.then(() => (skip.includes(type) ? undefined : harness.run(this.job(id, type))))
      ends.set(id, end)
    }
    await Promise.all(ends.values())
  }

  #ofApp(by: string): readonly HostTool[] {
    const { app, framework, given = new Map(), asker } = this.#options
    const appTools = appToolsOf({
      ...{ app, framework, runFolder: this.runFolder, shelf: emptyShelf, given: givenValues(given) },
      questions: questions({ asker, timeoutMs: 60_000, clock: wallClock }),
      onQuestion: () => undefined,
    })
    return appTools({ by, label: by })
  }

  #enqueue(): HostTool {
    return tool('enqueue_task', async (input) => {
      const {
        type,
        dependsOn = [],
        reason,
      } = input as { type: string; dependsOn?: string[]; reason?: string }
      const unknown = dependsOn.find((id) => !this.tasks.some((task) => task.id === id))
      if (unknown !== undefined)
        throw new Error(`Cannot queue "${type}": it depends on unknown task "${unknown}"`)
      const id = `t${this.tasks.length + 1}`
      this.tasks.push({ id, type, dependsOn, status: 'pending', ...(reason ? { reason } : {}) })
      return `Queued ${id} (${type})`
    })
  }

  #complete(id: string): HostTool {
    const run = async (input: unknown) => {
      const { status, handoff, reason } = input as {
        status: DeskTask['status']
        handoff: unknown
        reason?: string
      }
      if (!['done', 'not-needed', 'failed'].includes(status))
        throw new Error(`Cannot complete with status "${status}"`)
      if (status !== 'done' && !reason) throw new Error('Cannot complete without a reason')
      const task = this.tasks.find((other) => other.id === id)
      if (!task) throw new Error(`Cannot complete "${id}"`)
      Object.assign(task, {
        status,
        handoff: handoffSchema.parse(handoff),
        ...(reason ? { why: reason } : {}),
      })
      return `Reported "${status}"`
    }
    return { ...tool('complete_task', run), endsRun: true }
  }

  #read(): HostTool {
    return tool('read_handoffs', async (input) => {
      const { types } = input as { types?: string[] }
      const wanted = this.tasks.filter((task) => !types || types.includes(task.type))
      return wanted
        .map((task) =>
          tell({ spec: specOf(task), state: stateOf(task), failures: 0 }, Number.POSITIVE_INFINITY),
        )
        .join('\n\n')
    })
  }
}

function tool(name: string, run: HostTool['run']): HostTool {
  return { name, description: name, input: { type: 'object' }, run }
}

function specOf({ id, type, dependsOn }: DeskTask) {
  return {
    id,
    type,
    label: type,
    dependsOn,
    inputs: {},
    maxAttempts: 2,
    enqueuedBy: 'seed',
    depth: 0,
    optional: false,
  }
}

function stateOf({ status, handoff, why = '' }: DeskTask): TaskState {
  const ended = { attempts: 1, startedAt: 0, endedAt: 1, model: 'none' }
  if (status === 'pending' || !handoff) return { status: 'pending', attempts: 0 }
  if (status === 'failed')
    return { status, ...ended, failure: { kind: 'self-reported', message: why }, handoff }
  if (status === 'not-needed') return { status, ...ended, handoff, reason: why }
  return { status, ...ended, handoff }
}
