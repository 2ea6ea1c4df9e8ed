import { isDeepStrictEqual } from 'node:util'
import { isTasksFault } from '../../../client/queue/transition.ts'
import type { RunEvent, TaskSpec } from '../../../schemas/run-event.ts'

/** A promise that was not kept. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/** One agent at work, as the world sees it. */
export interface Execution {
  readonly id: string
  readonly attempt: number
  readonly model: string
  /** It will not stop, whatever it is told, so nobody waits for it. */
  isDeaf: boolean
}

const MAX_ATTEMPTS = 2
/** One, and one that stands in for it; when both are lost, nothing is left to choose. */
const MODELS = 2

/** Stands outside the run, remembers what it was told, and holds the run to it. It knows the rules, not the code. */
export class Witness {
  readonly #concurrency: number
  readonly #maxTasks: number
  readonly told: RunEvent[] = []
  readonly tasks = new Map<string, TaskSpec>()
  readonly #reported = new Map<string, string>()
  readonly #over = new Set<string>()
  readonly #ended = new Set<string>()
  readonly #faults = new Map<string, number>()
  readonly #lost = new Set<string>()
  /** What agents could not have, told or not. */
  readonly #losing = new Set<string>()
  readonly #acknowledged = new Map<string, string>()
  #atWork = new Set<Execution>()
  #stopped = new Set<string>()
  #notBefore = new Map<string, number>()
  #sinkAtWork = false
  planned = false

  /** The first promise that was not kept; the run itself may take it for a crash of an agent. */
  found: Violation | undefined

  constructor(concurrency: number, maxTasks: number) {
    this.#concurrency = concurrency
    this.#maxTasks = maxTasks
  }

  objection(message: string): Violation {
    const violation = new Violation(message)
    this.found ??= violation
    return violation
  }

  /** A process begins with what its journal holds; of what anybody was told nothing may be missing. */
  begins(replayed: readonly RunEvent[]): void {
    for (const [index, event] of this.told.entries()) {
      if (!isDeepStrictEqual(replayed[index], event)) {
        throw this.objection(`event ${index} was told and is lost: ${JSON.stringify(event)}`)
      }
    }
    for (const [key, status] of this.#acknowledged) {
      const [id, attempt] = key.split('#')
      const kept = replayed.some(
        (event) =>
          event.e === 'task-reported' &&
          event.id === id &&
          event.attempt === Number(attempt) &&
          event.status === status,
      )
      if (!kept) throw this.objection(`the completion of ${key} was acknowledged and is lost`)
    }
    for (const event of replayed.slice(this.told.length)) this.hears(event)
    this.#atWork = new Set()
    this.#stopped = new Set()
    this.#notBefore = new Map()
    this.#sinkAtWork = false
  }

  /** Told by the run, once it is on disk. */
  hears(event: RunEvent): void {
    this.told.push(event)
    if (event.e === 'task-enqueued') this.#enqueued(event.task)
    if (event.e === 'task-reported') this.#reported.set(event.id, event.status)
    if (event.e === 'seed-ended' && !event.retry && event.failure?.kind !== 'cancelled') this.planned = true
    if (event.e === 'attempt-ended') this.#attemptEnded(event)
    if (event.e === 'run-finished') this.#finished(event)
  }

  #enqueued(task: TaskSpec): void {
    if (this.#sinkAtWork) throw this.objection(`${task.id} was queued after the sink had started`)
    this.tasks.set(task.id, task)
    if (this.tasks.size > this.#maxTasks + 1) throw this.objection(`${this.tasks.size} tasks are queued`)
  }

  #attemptEnded({ id, attempt, failure, retry }: Extract<RunEvent, { e: 'attempt-ended' }>): void {
    this.#ended.add(`${id}#${attempt}`)
    if (!retry) this.#over.add(id)
    if (failure?.lostModel !== undefined) this.#lost.add(failure.lostModel)
    if (failure === null || !isTasksFault(failure)) return
    const faults = (this.#faults.get(id) ?? 0) + 1
    this.#faults.set(id, faults)
    if (faults > MAX_ATTEMPTS) throw this.objection(`${id} was tried ${faults} times`)
  }

  #finished({ verdict, reasons }: Extract<RunEvent, { e: 'run-finished' }>): void {
    if (verdict !== 'succeeded') {
      if (reasons.length === 0) throw this.objection(`the run ${verdict} and does not say why`)
      return
    }
    const open = [...this.tasks.values()].filter(({ id }) => !this.#over.has(id) || !this.#isMet(id))
    if (open.length > 0) throw this.objection(`the run succeeded without ${open[0]?.id}`)
    if (![...this.tasks.values()].some(({ type }) => type === 'report')) {
      throw this.objection('the run succeeded without its sink')
    }
  }

  #isMet(id: string): boolean {
    const status = this.#reported.get(id)
    return status === 'done' || status === 'not-needed' || (this.tasks.get(id)?.optional ?? false)
  }

  /** An agent begins to work. */
  starts(execution: Execution, now: number): void {
    const { id } = execution
    const why = this.#whyNot(execution, now)
    if (why !== undefined) throw this.objection(`${id} ${why}`)
    const task = this.tasks.get(id)
    if (!task) throw this.objection(`${id} runs before it is on disk`)
    this.#followsWhatItWaitsFor(task)
    if (task.type === 'report') this.#sinkAtWork = true
    this.#atWork.add(execution)
  }

  #whyNot({ id, model }: Execution, now: number): string | undefined {
    if (this.#over.has(id)) return 'is over and runs again'
    if (['done', 'not-needed'].includes(this.#reported.get(id) ?? '')) return 'was reported and runs again'
    if (this.#stopped.has(id)) return 'was stopped for security and runs again'
    if (now < (this.#notBefore.get(id) ?? 0)) return 'did not wait as it was told to'
    if (this.#lost.has(model) && this.#losing.size < MODELS) return `runs on "${model}", which cannot be had`
    if (this.#others().length >= this.#concurrency) return 'is one agent too many'
    return
  }

  #others(): Execution[] {
    return [...this.#atWork].filter(({ isDeaf }) => !isDeaf)
  }

  #followsWhatItWaitsFor({ id, type, dependsOn }: TaskSpec): void {
    const before = type === 'report' ? [...this.tasks.keys()].filter((other) => other !== id) : dependsOn
    for (const other of before) {
      if (this.#others().some((agent) => agent.id === other)) {
        throw this.objection(`${id} runs while ${other} does`)
      }
      if (!this.#isMet(other)) throw this.objection(`${id} runs before ${other} is done`)
    }
  }

  /** An agent has ended; its provider wants to be left alone for a while, or does not have its model. */
  ends(execution: Execution, { restUntil, isModelLost }: { restUntil: number; isModelLost: boolean }): void {
    this.#atWork.delete(execution)
    this.#notBefore.set(execution.id, restUntil)
    if (isModelLost) this.#losing.add(execution.model)
  }

  /** An agent was stopped for security, before anything else ended it. */
  stops(id: string): void {
    if (!this.#reported.has(id)) this.#stopped.add(id)
  }

  /** True when nothing the agent says may count any more. */
  isStale({ id, attempt }: Execution): boolean {
    return this.#ended.has(`${id}#${attempt}`)
  }

  /** An agent was told that its report is taken. */
  acknowledges({ id, attempt }: Execution, status: string): void {
    const key = `${id}#${attempt}`
    if (this.#acknowledged.has(key)) throw this.objection(`${key} was completed twice`)
    this.#acknowledged.set(key, status)
    if (this.#reported.get(id) !== status)
      throw this.objection(`${key} was acknowledged before it was on disk`)
  }
}
