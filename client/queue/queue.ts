import type { RunEvent } from '../../schemas/run-event.ts'
import { block, bucketOf, isMet, moved, reaches, release, wait } from './graph.ts'
import { at, drop, put } from './int-map.ts'
import { hashOf, placeOf } from './place.ts'
import { type Draft, type Entry, idOf, numberOf, type Queue } from './shape.ts'
import { isOver, type Task } from './task.ts'
import { cancelled, type EventOf, ended, isTasksFault, refusal, reported, started } from './transition.ts'

export { type Counts, emptyQueue, type Queue } from './shape.ts'
export type { Failure, Report, Task, TaskState } from './task.ts'
export { IllegalTransitionError } from './transition.ts'
export { blockedBy, dependenciesOf, runnable, settled, taskOf, tasksOf } from './view.ts'

/**
 * The queue after one more event.
 * @throws IllegalTransitionError when the queue's rules do not allow it
 */
export function apply(queue: Queue, event: RunEvent): Queue {
  if (queue.finished && event.e !== 'run-resumed') throw refusal('apply', event.e, 'the run is finished')
  switch (event.e) {
    case 'task-enqueued':
      return enqueued(queue, event)
    case 'dependency-added':
      return dependencyAdded(queue, event)
    case 'task-started':
      return startedIn(queue, event)
    case 'task-reported':
      return change(queue, event.id, (task) => reported(task, event))
    case 'attempt-ended':
      return accounted(
        change(queue, event.id, (task) => ended(task, event)),
        event,
      )
    case 'task-cancelled':
      return change(queue, event.id, (task) => cancelled(task, event))
    case 'guard-tripped':
    case 'question-asked':
    case 'question-settled':
      return queue
    default:
      return applyToRun(queue, event)
  }
}

type WholeRun = EventOf<'run-started' | 'run-resumed' | 'seed-started' | 'seed-ended' | 'run-finished'>

function applyToRun(queue: Queue, event: WholeRun): Queue {
  switch (event.e) {
    case 'run-started':
      if (queue.started) throw refusal('start', event.run, `run "${queue.started.run}" has started`)
      return { ...queue, started: event }
    case 'run-resumed':
      return resumed(queue, event)
    case 'seed-started':
      if (queue.planning !== 'none') throw refusal('start', 'seed', `planning is ${queue.planning}`)
      return { ...queue, planning: 'running' }
    case 'seed-ended':
      return seedEnded(queue, event)
    case 'run-finished':
      if (queue.counts.running > 0)
        throw refusal('finish', 'run', `${queue.counts.running} tasks are running`)
      return { ...queue, finished: event }
  }
}

function resumed(queue: Queue, event: EventOf<'run-resumed'>): Queue {
  const { verdict = 'cancelled', resumable = verdict === 'cancelled' } = queue.finished ?? {}
  if (!resumable) throw refusal('resume', queue.started?.run ?? 'run', `it has ${verdict}`)
  const planning = queue.planning === 'ended' ? 'ended' : 'none'
  return {
    ...queue,
    finished: null,
    planning,
    spent: { ...queue.spent, isCut: event.isCut ?? queue.spent.isCut },
  }
}

/** A planner that was interrupted, or is asked once more, has not ended. */
function seedEnded(queue: Queue, event: EventOf<'seed-ended'>): Queue {
  if (queue.planning !== 'running') throw refusal('end', 'seed', 'it is not running')
  const { failure, retry } = event
  const planning = retry || failure?.kind === 'cancelled' ? 'none' : 'ended'
  const seedFailures = queue.seedFailures + (failure && isTasksFault(failure) ? 1 : 0)
  return accounted({ ...queue, planning, seed: event, seedFailures }, event)
}

/** What an agent cost, and which model nobody else is sent to since it could not be had. */
function accounted(queue: Queue, event: EventOf<'seed-ended' | 'attempt-ended'>): Queue {
  const { failure, usage, usd } = event
  const model = failure?.lostModel
  const lostModels = model === undefined ? queue.lostModels : new Set(queue.lostModels).add(model)
  const { spent } = queue
  const unpriced =
    usd === undefined ? new Set([...spent.unpriced, ...usage.map((part) => part.model)]) : spent.unpriced
  const isCut = spent.isCut || usage.some((part) => part.isCut)
  return { ...queue, lostModels, spent: { usd: spent.usd + (usd ?? 0), unpriced, isCut } }
}

function entryOf(queue: Queue, id: string, verb: string): Entry {
  const entry = at(queue.entries, numberOf(id))
  if (!entry) throw refusal(verb, id, 'it is not queued')
  return entry
}

function enqueued(queue: Queue, event: EventOf<'task-enqueued'>): Queue {
  const spec = event.task
  const expected = idOf(queue.entries.size + 1)
  if (spec.id !== expected) throw refusal('queue', spec.id, `the next id is "${expected}"`)
  if (new Set(spec.dependsOn).size < spec.dependsOn.length) {
    throw refusal('queue', spec.id, 'it names a dependency twice')
  }
  const number = numberOf(spec.id)
  const task: Task = { spec, failures: 0, state: { status: 'pending', attempts: 0 } }
  const fresh: Entry = { task, unmet: 0, added: null, dependents: null, blockedBy: null }
  const hash = hashOf(placeOf(spec))
  const next: Draft = { ...queue }
  next.entries = put(next.entries, number, fresh)
  next.ready = put(next.ready, number, true)
  next.leaves = put(next.leaves, number, true)
  next.places = put(next.places, hash, { head: number, tail: at(next.places, hash) ?? null })
  next.counts = { ...next.counts, pending: next.counts.pending + 1 }
  if (!next.firstOfType.has(spec.type)) {
    next.firstOfType = new Map(next.firstOfType).set(spec.type, spec.id)
  }
  for (const id of spec.dependsOn) {
    entryOf(queue, id, 'depend on')
    wait(next, number, numberOf(id))
  }
  return next
}

function dependencyAdded(queue: Queue, event: EventOf<'dependency-added'>): Queue {
  const { id, dependsOn } = event
  const entry = entryOf(queue, id, 'add a dependency to')
  if (entry.task.state.status !== 'pending') {
    throw refusal('add a dependency to', id, `it is ${entry.task.state.status}`)
  }
  entryOf(queue, dependsOn, 'depend on')
  if (reaches(queue, numberOf(id), numberOf(dependsOn))) {
    throw refusal('add a dependency to', id, `"${dependsOn}" waits for it`)
  }
  const next: Draft = { ...queue }
  const added = { head: numberOf(dependsOn), tail: entry.added }
  next.entries = put(next.entries, numberOf(id), { ...entry, added })
  wait(next, numberOf(id), numberOf(dependsOn))
  return next
}

function startedIn(queue: Queue, event: EventOf<'task-started'>): Queue {
  const entry = entryOf(queue, event.id, 'start')
  if (entry.blockedBy !== null)
    throw refusal('start', event.id, `it is blocked by "${idOf(entry.blockedBy)}"`)
  if (entry.unmet > 0) throw refusal('start', event.id, `it waits for ${entry.unmet} tasks`)
  return change(queue, event.id, (task) => started(task, event))
}

function change(queue: Queue, id: string, step: (task: Task) => Task): Queue {
  const entry = entryOf(queue, id, 'change')
  const task = step(entry.task)
  const next: Draft = { ...queue }
  const number = numberOf(id)
  next.counts = moved(next.counts, bucketOf(entry), bucketOf({ ...entry, task }))
  next.entries = put(next.entries, number, { ...entry, task })
  const isReady = task.state.status === 'pending' && entry.unmet === 0 && entry.blockedBy === null
  next.ready = isReady ? put(next.ready, number, true) : drop(next.ready, number)
  if (!isOver(task.state)) return next
  if (isMet(task)) release(next, entry.dependents)
  else block(next, number, entry.dependents)
  return next
}
