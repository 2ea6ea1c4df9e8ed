import { enqueue, type Request } from '../queue/enqueue.ts'
import type { FlowRules } from '../queue/guards.ts'
import type { Ledger } from '../queue/ledger.ts'
import { type Queue, type Report, taskOf } from '../queue/queue.ts'

/** Whose tools these are: the seed's, or those of one attempt at a task. */
export type Caller =
  | { readonly by: 'seed' }
  | { readonly by: 'runner' }
  | { readonly by: 'task'; readonly id: string; readonly attempt: number }

/** A task as an agent asks for it. */
type Asked = Pick<Request, 'type' | 'dependsOn' | 'inputs' | 'optional'> &
  Partial<Pick<Request, 'label' | 'model' | 'reason'>>

/** What an agent can do to the queue. Each rejects with a sentence the agent can act on. */
export interface Operations {
  readonly enqueue: (asked: Asked) => Promise<string>
  readonly complete: (report: Report) => Promise<string>
  /** Resolves with all that was decided, once it is on disk: an ended task's handoff is never missing. */
  readonly queue: () => Promise<Queue>
}

export interface OperationsOptions {
  readonly ledger: Ledger
  readonly rules: FlowRules
  readonly labelOf: (type: string) => string
}

const MAX_REFUSALS = 50

/** The queue as one caller may use it, for as long as it is the one at work. */
export function operationsFor(caller: Caller, options: OperationsOptions): Operations {
  const { ledger, rules } = options
  let refusals = 0
  return {
    queue: () => ledger.transact((head) => ({ events: [], answer: head })),
    enqueue: async (asked) => {
      const outcome = await ledger.transact((head) => {
        const why = staleness(head, caller) ?? runaway(refusals, rules)
        if (why) return { events: [], answer: { ok: false, answer: why } }
        const request = requestOf(asked, { caller, head, label: options.labelOf(asked.type) })
        const answer = enqueue(head, request, rules)
        if (!answer.ok) refusals++
        return { events: answer.events, answer }
      })
      if (!outcome.ok) throw new Error(outcome.answer)
      return outcome.answer
    },
    complete: async (report) => {
      const refused = await ledger.transact((head) => {
        const why = staleness(head, caller) ?? alreadyReported(head, caller)
        if (why || caller.by !== 'task') return { events: [], answer: why ?? 'Only a task can be completed' }
        const { id, attempt } = caller
        return { events: [{ e: 'task-reported', id, attempt, ...report }], answer: undefined }
      })
      if (refused !== undefined) throw new Error(refused)
      return `Reported "${report.status}". You are finished; stop here`
    },
  }
}

/** Why the caller's words count no more; undefined while they do. */
function staleness(head: Queue, caller: Caller): string | undefined {
  if (caller.by === 'runner') return undefined
  if (caller.by === 'seed') return head.planning === 'running' ? undefined : 'Planning is over; stop here'
  const state = taskOf(head, caller.id)?.state
  if (state?.status === 'running' && state.attempts === caller.attempt) return undefined
  return `Attempt ${caller.attempt} of ${caller.id} is over; nothing it says is taken any more. Stop here`
}

/** An agent that goes on asking for what it cannot have does not fill the journal with it. */
function runaway(refusals: number, { maxTasks }: FlowRules): string | undefined {
  // A planner that begins anew may ask once more for all that is queued.
  if (refusals < maxTasks + MAX_REFUSALS) return undefined
  return `Cannot queue anything more: ${refusals} requests were refused already. Finish with what is queued`
}

function alreadyReported(head: Queue, caller: Caller): string | undefined {
  const state = caller.by === 'task' ? taskOf(head, caller.id)?.state : undefined
  if (state?.status !== 'running' || !state.report) return undefined
  return `This task was reported as "${state.report.status}" already; the first report stands. Stop here`
}

interface Asking {
  readonly caller: Caller
  readonly head: Queue
  readonly label: string
}

function requestOf(asked: Asked, { caller, head, label }: Asking): Request {
  const parent = caller.by === 'task' ? taskOf(head, caller.id) : undefined
  const { model, reason } = asked
  return {
    type: asked.type,
    label: asked.label ?? label,
    dependsOn: [...new Set(asked.dependsOn)],
    inputs: asked.inputs,
    optional: asked.optional,
    enqueuedBy: caller.by === 'task' ? caller.id : caller.by,
    depth: parent ? parent.spec.depth + 1 : 0,
    ...(model === undefined ? {} : { model }),
    ...(reason === undefined ? {} : { reason }),
  }
}
