import type { GuardName } from '../../schemas/run-event.ts'
import { isDead } from './graph.ts'
import { at, entriesOf } from './int-map.ts'
import { idOf, numberOf, type Queue } from './shape.ts'
import { blockedBy, taskOf, twinOf } from './view.ts'

/** What the queue has to know of one agent prompt. */
interface TypeRule {
  readonly sink: boolean
  readonly runnerSeeded: boolean
  /** Types, as the prompt names them; binding for runner-seeded ones only. */
  readonly dependsOn: readonly string[]
}

/** What a flow allows to be queued. */
export interface FlowRules {
  readonly types: ReadonlyMap<string, TypeRule>
  /** Models that the flow's prompts name. */
  readonly models: ReadonlySet<string>
  readonly maxTasks: number
  readonly maxDepth: number
}

/** A task that someone wants queued. */
export interface Wish {
  readonly type: string
  readonly dependsOn: readonly string[]
  readonly inputs: Readonly<Record<string, unknown>>
  readonly model?: string | undefined
  readonly depth: number
}

export interface Refusal {
  readonly guard: GuardName
  readonly message: string
}

type Guard = (queue: Queue, wish: Wish, rules: FlowRules) => string | undefined

/**
 * In the order they are asked; the first that objects is the answer. A planner that was killed after its last wish
 * plans again into a queue that may be full or closed: it is told what it has, not that it may have no more.
 */
const GUARDS_IN_ORDER: readonly (readonly [GuardName, Guard])[] = [
  ['unknown-type', unknownType],
  ['duplicate', duplicate],
  ['queue-full', queueFull],
  ['depth', tooDeep],
  ['invalid-model', invalidModel],
  ['unknown-dep', unknownDep],
  ['after-sink', afterSink],
  ['seeded-dep', seededDep],
  ['dead-dep', deadDep],
  ['sink-closure', sinkClosure],
]

/** Why the task may not be queued now; null when it may. */
export function objection(queue: Queue, wish: Wish, rules: FlowRules): Refusal | null {
  for (const [guard, find] of GUARDS_IN_ORDER) {
    const why = find(queue, wish, rules)
    if (why !== undefined) return { guard, message: `Cannot queue "${wish.type}": ${why}` }
  }
  return null
}

/** The flow's sink, when it is queued. */
export function queuedSink(queue: Queue, rules: FlowRules): string | null {
  for (const [type, { sink }] of rules.types) {
    const id = sink ? queue.firstOfType.get(type) : undefined
    if (id !== undefined) return id
  }
  return null
}

/** At most ten names, and how many there are beyond. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}

function isSink(wish: Wish, rules: FlowRules): boolean {
  return rules.types.get(wish.type)?.sink ?? false
}

function unknownType(_: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (rules.types.has(wish.type)) return
  return `the flow has no such type. Types: ${listed([...rules.types.keys()])}`
}

/** The sink is let in even then: without it, a plan that just fits could never be closed. */
function queueFull(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (queue.entries.size < rules.maxTasks || isSink(wish, rules)) return
  return `the queue holds ${queue.entries.size} tasks, and ${rules.maxTasks} is the limit. Finish with what is queued`
}

function tooDeep(_: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (wish.depth <= rules.maxDepth) return
  return `it would be queued ${wish.depth} levels below the plan, and ${rules.maxDepth} is the limit. Do the work in this task, or leave it to the handoff`
}

function invalidModel(_: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (wish.model === undefined || rules.models.has(wish.model)) return
  return `model "${wish.model}" is not among those of the flow. Models: ${listed([...rules.models])}`
}

function unknownDep(queue: Queue, wish: Wish): string | undefined {
  const unknown = wish.dependsOn.filter((id) => !taskOf(queue, id))
  if (unknown.length === 0) return
  const size = queue.entries.size
  const known = size === 0 ? 'Nothing is queued yet' : `Queued: t1${size > 1 ? ` to ${idOf(size)}` : ''}`
  return `it depends on unknown task ${listed(unknown.map((id) => `"${id}"`))}. ${known}`
}

/** What comes after the sink is put in front of it, as long as it has not started. */
function afterSink(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  const sink = queuedSink(queue, rules)
  if (sink === null || isSink(wish, rules)) return
  if (wish.dependsOn.includes(sink)) return `it depends on "${sink}", which waits for every other task`
  const status = taskOf(queue, sink)?.state.status
  if (status === 'pending') return
  return `"${sink}" closes the run and is ${status}; nothing can be put in front of it any more`
}

/** A runner-seeded task may wait on a person, and only the sink has the time. */
function seededDep(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (isSink(wish, rules)) return
  const seeded = wish.dependsOn.filter((id) => {
    const type = taskOf(queue, id)?.spec.type
    return type !== undefined && rules.types.get(type)?.runnerSeeded
  })
  if (seeded.length === 0) return
  return `it depends on ${listed(seeded.map((id) => `"${id}"`))}, which may wait on a person. Leave that dependency out`
}

/** The sink is exempt: it has to reach every task, also those that failed while planning went on. */
function deadDep(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (isSink(wish, rules)) return
  const id = wish.dependsOn.find((id) => {
    const entry = at(queue.entries, numberOf(id))
    return entry !== undefined && isDead(entry)
  })
  if (id === undefined) return
  const cause = blockedBy(queue, id)
  const status = cause === null ? taskOf(queue, id)?.state.status : `blocked by "${cause}"`
  return `it depends on "${id}", which is ${status} and will never be done. Queue it without that dependency, or leave it out`
}

function duplicate(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  const sink = isSink(wish, rules) ? queuedSink(queue, rules) : null
  if (sink !== null) return `it is queued as "${sink}". Whatever is queued from now on is put in front of it`
  const twin = twinOf(queue, { ...wish, inputs: wish.inputs as never })
  if (twin !== null) return `it is queued as "${twin}", with the same inputs and dependencies. Use that id`
  return
}

/** What nothing waits for can only be reached directly, so the sink has to name every leaf. */
function sinkClosure(queue: Queue, wish: Wish, rules: FlowRules): string | undefined {
  if (!isSink(wish, rules)) return
  const named = new Set(wish.dependsOn)
  const missing: string[] = []
  for (const [number] of entriesOf(queue.leaves)) if (!named.has(idOf(number))) missing.push(idOf(number))
  if (missing.length === 0) return
  return `it has to wait for every other task, and nothing leads to ${listed(missing)}. Add them to dependsOn`
}
