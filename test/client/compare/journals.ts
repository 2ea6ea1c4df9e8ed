import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeLines } from '../../../client/queue/journal-lines.ts'
import type { RunEvent, Sequence, Usage } from '../../../schemas/run-event.ts'
import { crash, enqueued, reported } from '../scripted.ts'

/** What a test says of a run; everything has a sound default. */
export interface Said {
  readonly sequence?: Sequence
  readonly channel?: string | null
  readonly flow?: string
  readonly harness?: string
  readonly release?: string
  /** Milliseconds its only task took. */
  readonly took?: number
  readonly verdict?: 'succeeded' | 'failed' | 'cancelled' | null
  readonly usd?: number | null
  readonly retried?: boolean
}

const LAUNCHED = 1_000_000
const usage: Usage = { model: 'm', input: 90, output: 10, cacheRead: 0, cacheWrite: 0 }

/** The journal of a run of one task: asked for at 0, begun at 100, its task at 200. */
export function journal(id: string, said: Said = {}): RunEvent[] {
  const { sequence, channel = 'main', flow = 'demo', harness = 'claude', release = 'a'.repeat(64) } = said
  const { took = 1000, verdict = 'succeeded', usd = 0.01, retried = false } = said
  const spent = { turns: 1, usage: [usage], ...(usd === null ? {} : { usd }) }
  const end = LAUNCHED + 200 + took
  const first = retried ? 2 : 1
  return [
    {
      ...{ e: 'run-started', at: LAUNCHED + 100, launchedAt: LAUNCHED, run: id, flow, channel, release },
      ...{ framework: 'nextjs', harness, concurrency: 1, ...(sequence ? { sequence } : {}) },
    },
    { ...enqueued(1), at: LAUNCHED + 150 },
    { e: 'task-started', at: LAUNCHED + 200, id: 't1', attempt: 1, model: 'm' },
    ...(retried
      ? ([
          {
            e: 'attempt-ended',
            at: LAUNCHED + 300,
            id: 't1',
            attempt: 1,
            failure: crash,
            retry: true,
            ...spent,
          },
          { e: 'task-started', at: LAUNCHED + 300, id: 't1', attempt: 2, model: 'm' },
        ] as const)
      : []),
    ...(verdict === 'failed'
      ? ([
          { e: 'attempt-ended', at: end, id: 't1', attempt: first, failure: crash, retry: false, ...spent },
        ] as const)
      : ([
          { ...reported(1, 'done', first), at: end },
          { e: 'attempt-ended', at: end, id: 't1', attempt: first, failure: null, retry: false, ...spent },
        ] as const)),
    ...(verdict === null
      ? []
      : ([{ e: 'run-finished', at: end + 10, verdict, reasons: [] as string[] }] as const)),
  ]
}

export const idOf = (number: number): string => `20260101-${String(100_000_000 + number)}-abcd`

/** Writes runs into an app, as a run would have. */
export function writeRuns(app: string, runs: readonly Said[], from = 0): string[] {
  return runs.map((said, index) => {
    const id = idOf(from + index)
    const folder = join(app, '.mill/runs', id)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'audit.jsonl'), encodeLines(journal(id, said), 0).text)
    return id
  })
}
