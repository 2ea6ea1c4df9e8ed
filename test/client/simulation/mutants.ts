import type { AgentHarness, HostTool } from '../../../client/harness/harness.ts'
import { replay } from '../../../client/queue/journal-lines.ts'
import type { EventDraft, Ledger } from '../../../client/queue/ledger.ts'
import { type RunEvent, runEventSchema } from '../../../schemas/run-event.ts'
import type { Mutant } from './simulate.ts'

/** The ledger with other events than those that were decided. */
function rewriting(
  change: (drafts: readonly EventDraft[]) => readonly EventDraft[],
): (ledger: Ledger) => Ledger {
  return (ledger) => {
    const bent: <T>(decide: Parameters<Ledger['transact']>[0]) => Parameters<typeof ledger.transact<T>>[0] =
      (decide) => (head) => {
        const decision = decide(head)
        return { ...decision, events: change(decision.events) } as never
      }
    return {
      ...ledger,
      transact: (decide) => ledger.transact(bent(decide as never)) as never,
      note: (decide) => ledger.note(bent(decide as never)) as never,
    }
  }
}

const each = (change: (draft: EventDraft) => EventDraft | null) =>
  rewriting((drafts) => drafts.map(change).filter((draft) => draft !== null))

/** Every agent of a task speaks with the tools of the newest. */
function withoutFencing(harness: AgentHarness): AgentHarness {
  const newest = new Map<string, readonly HostTool[]>()
  return {
    ...harness,
    run: (job) => {
      newest.set(job.id, job.hostTools)
      const hostTools = job.hostTools.map((tool) => ({
        ...tool,
        run: (...given: Parameters<HostTool['run']>) =>
          (newest.get(job.id)?.find(({ name }) => name === tool.name) ?? tool).run(...given),
      }))
      return harness.run({ ...job, hostTools })
    },
  }
}

/** An agent counts as ended once its report is taken. */
function withoutWaitingForTheEnd(harness: AgentHarness): AgentHarness {
  return {
    ...harness,
    run: (job) => {
      const reported = Promise.withResolvers<Awaited<ReturnType<AgentHarness['run']>>>()
      const hostTools = job.hostTools.map((tool) => ({
        ...tool,
        run: async (...given: Parameters<HostTool['run']>) => {
          const answer = await tool.run(...given)
          if (tool.endsRun) reported.resolve({ end: 'done', turns: 1, usage: [], ms: 1 })
          return answer
        },
      }))
      return Promise.race([reported.promise, harness.run({ ...job, hostTools })])
    },
  }
}

/** Takes whatever lines are whole, and looks at no checksum. */
function trusting(bytes: Buffer): ReturnType<typeof replay> {
  const events: RunEvent[] = []
  let length = 0
  let tail = '00000000'
  for (const line of bytes.toString('utf8').split('\n').slice(0, -1)) {
    const { crc, synced: _, ...event } = JSON.parse(line) as Record<string, unknown>
    events.push(runEventSchema.parse(event))
    length += Buffer.byteLength(line) + 1
    tail = String(crc)
  }
  return { events, crc: Number.parseInt(tail, 16), length }
}

/** Defects that the simulation has to find; each removes one thing that the run relies on. */
export const MUTANTS: readonly Mutant[] = [
  { name: 'acknowledges without a sync', file: (file) => ({ ...file, sync: async () => undefined }) },
  {
    name: 'acknowledges without waiting for the disk',
    ledger: (ledger) => ({
      ...ledger,
      transact: async (decide) => ledger.note(decide),
    }),
  },
  { name: 'takes the word of any attempt', harness: withoutFencing },
  { name: 'releases what waits when a task is reported', harness: withoutWaitingForTheEnd },
  {
    name: 'tries again for ever',
    ledger: each((draft) =>
      draft.e === 'task-enqueued' ? { ...draft, task: { ...draft.task, maxAttempts: 1000 } } : draft,
    ),
  },
  {
    name: 'does not recover what was running',
    ledger: rewriting((drafts) => (drafts[0]?.e === 'run-resumed' ? drafts.slice(0, 1) : drafts)),
  },
  { name: 'keeps a torn tail', replay: (bytes) => ({ ...replay(bytes, 'j'), length: bytes.length }) },
  { name: 'believes any line', replay: trusting },
  {
    name: 'forgets reports whose agent had not ended',
    replay: (bytes) => {
      const { events, ...rest } = replay(bytes, 'j')
      const isOver = (id: string): boolean =>
        events.some((event) => event.e === 'attempt-ended' && event.id === id)
      return { ...rest, events: events.filter((event) => event.e !== 'task-reported' || isOver(event.id)) }
    },
  },
  {
    name: 'puts nothing in front of the sink',
    ledger: each((draft) => (draft.e === 'dependency-added' ? null : draft)),
  },
  { name: 'runs one agent too many', concurrency: (given) => given + 1 },
  {
    name: 'tries again after a security stop',
    ledger: each((draft) =>
      draft.e === 'attempt-ended' && draft.failure?.kind === 'security'
        ? { ...draft, retry: true, failure: { kind: 'cancelled', message: 'bent' } }
        : draft,
    ),
  },
  {
    name: 'does not wait as it is told to',
    harness: (harness) => ({
      ...harness,
      run: async (job) => {
        const { retryAfterMs: _, ...outcome } = await harness.run(job)
        return outcome
      },
    }),
  },
  {
    name: 'asks again for a model that cannot be had',
    ledger: each((draft) => {
      if (draft.e !== 'attempt-ended' || draft.failure?.lostModel === undefined) return draft
      return { ...draft, failure: { kind: 'api', message: 'bent' } }
    }),
  },
]
