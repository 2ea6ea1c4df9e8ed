import type { Handoff } from '../../schemas/handoff.ts'
import { dependenciesOf, type Queue, type Task, taskOf } from '../queue/queue.ts'

/** Characters of handoffs that one prompt or one answer carries. */
const BUDGET = 24_000
/** How much of each text is told: in full when there is room, never less than the last. */
const CLIPS = [Number.POSITIVE_INFINITY, 2000, 240] as const
const SHORTEST = 240

/** Tells of something in texts of at most `clip` characters each. */
export type Teller = (clip: number) => string

/**
 * As many texts as fit the budget, in the order given: each short at first, then, from the first on, as long
 * as there is room. Takes from `tellers` only until the budget is spent.
 */
export function withinBudget(tellers: Iterable<Teller>, budget = BUDGET): string[] {
  const taken: { readonly tell: Teller; text: string }[] = []
  let left = budget
  for (const tell of tellers) {
    const text = tell(SHORTEST)
    if (text.length > left) break
    left -= text.length
    taken.push({ tell, text })
  }
  for (const item of taken) {
    const room = left + item.text.length
    const longest = CLIPS.map((clip) => item.tell(clip)).find((text) => text.length <= room)
    if (longest === undefined) continue
    left = room - longest.length
    item.text = longest
  }
  return taken.map(({ text }) => text)
}

/** What a task left, under a heading that says how it went. */
export function tell(task: Task, clip: number): string {
  const { spec, state } = task
  const heading = `### ${spec.id} ${spec.type}: ${spec.label} (${state.status})`
  const lines = [heading, ...why(task, clip)]
  const handoff = 'handoff' in state ? state.handoff : undefined
  return [...lines, ...(handoff ? tellHandoff(handoff, clip) : ['No handoff.'])].join('\n')
}

/** The parts of a handoff, one a line. */
export function tellHandoff(handoff: Handoff, clip: number): string[] {
  const files = handoff.filesTouched?.length ? clipped(handoff.filesTouched.join(', '), clip) : undefined
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['Goal', handoff.goals],
    ['Did', handoff.did],
    ['For the next agent', handoff.forNextAgent],
    ['Files touched', files],
    ['Evidence', handoff.evidence],
    ['Assumptions', handoff.assumptions],
    ['Conflict', handoff.conflict],
  ]
  return parts.flatMap(([name, text]) => (text === undefined ? [] : [`- ${name}: ${clipped(text, clip)}`]))
}

/** What every task upstream left, roots first; the nearest are told in full, what is far or too much is shortened or left out. */
export function tellUpstream(queue: Queue, id: string, budget = BUDGET): string[] {
  const near: Task[] = []
  const tellers = function* (): Generator<Teller> {
    for (const task of upstream(queue, id)) {
      near.push(task)
      yield (clip) => tell(task, clip)
    }
  }
  const texts = withinBudget(tellers(), budget)
  const told = texts.map((text, index) => ({ text, depth: orderOf(near[index]) }))
  const sorted = told.sort((a, b) => a.depth - b.depth).map(({ text }) => text)
  // One more was looked at than is told: there was no room for it.
  return near.length > texts.length
    ? ['Earlier steps are left out; `read_handoffs` shows them.', ...sorted]
    : sorted
}

/** Ancestors, nearest first. */
function* upstream(queue: Queue, id: string): Generator<Task> {
  const seen = new Set(dependenciesOf(queue, id))
  for (const ancestor of seen) {
    const task = taskOf(queue, ancestor)
    if (!task) continue
    yield task
    for (const further of dependenciesOf(queue, ancestor)) seen.add(further)
  }
}

/** Tasks are numbered as they are queued, and depend on what was queued before. */
function orderOf(task: Task | undefined): number {
  return task ? Number(task.spec.id.slice(1)) : 0
}

function why({ state }: Task, clip: number): string[] {
  if (state.status === 'failed') return [`- Failed: ${clipped(state.failure.message, clip)}`]
  if (state.status === 'not-needed') return [`- Not needed: ${clipped(state.reason, clip)}`]
  return []
}

function clipped(text: string, clip: number): string {
  return text.length <= clip ? text : `${text.slice(0, clip - 1)}…`
}
