import { basename } from 'node:path'
import type { RunLimits } from '../execute/budget.ts'
import type { ReportOptions } from '../report/report.ts'
import { responsivenessOf } from '../report/responsiveness.ts'
import { type RunRecord, type RunSummary, sinceLast, summaryOf, verdictOf } from './run-record.ts'
import { type Timeline, timelineOf } from './timeline.ts'
import { withoutPauses } from './without-pauses.ts'

/** Everything there is to show of a run. */
export interface RunView {
  readonly record: RunRecord
  readonly summary: RunSummary
  readonly timeline: Timeline
  /** The same as at the end of the run. */
  readonly report: ReportOptions
}

interface ViewOptions {
  /** Absolute path of the app. */
  readonly app: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export function runView(record: RunRecord, { app, now }: ViewOptions): RunView {
  const { events, queue, options } = record
  const { started } = queue
  const worked = withoutPauses(events).events
  const quiet = sinceLast(record, now)
  const timeline = timelineOf(events, { queue, sinceLast: quiet })
  return {
    record,
    summary: summaryOf(record, now),
    timeline,
    report: {
      title: {
        flow: started?.flow ?? 'no flow',
        app: basename(app),
        framework: started?.framework ?? null,
        harness: started?.harness ?? 'none',
        disclosure: options?.disclosure ?? 'what ran was not noted',
        release: started?.release ?? 'none',
      },
      queue,
      events: worked,
      verdict: { verdict: verdictOf(record), reasons: reasonsOf(record) },
      limits: limitsOf(record),
      responsiveness: responsivenessOf(worked, { launchedAt: 0, endedAt: timeline.length }),
    },
  }
}

function reasonsOf({ queue, damage, isAlive }: RunRecord): readonly string[] {
  const told = queue.finished?.reasons ?? []
  if (damage !== null) return [...told, `What comes after that is not certain: ${damage}`]
  if (queue.finished !== null) return told
  return [
    isAlive
      ? 'It is at work right now'
      : 'The process that worked on it is gone; `mill resume` goes on with it',
  ]
}

function limitsOf({ options }: RunRecord): RunLimits {
  const { maxUsd, maxMinutes } = options ?? {}
  return {
    ...(maxUsd === undefined ? {} : { maxUsd }),
    ...(maxMinutes === undefined ? {} : { maxMs: maxMinutes * 60_000 }),
  }
}
