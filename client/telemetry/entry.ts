import type { Sequence } from '../../schemas/run-event.ts'

/** The names under which a run is told of, whatever the sink. */
export type TelemetryName =
  | 'orchestrator started'
  | 'orchestrator seeded'
  | 'task enqueued'
  | 'task started'
  | 'task completed'
  | 'task skipped'
  | 'task failed'
  | 'task retried'
  | 'guard tripped'
  | 'run finished'

export type Fields = Readonly<Record<string, string | number | boolean | null>>

/** All that telemetry may know of an event: numbers, and names of the grammar; never a text that somebody wrote. */
export type TelemetryEntry = Fields & {
  readonly event: TelemetryName
  readonly at: number
  /** What reports compare by; as yet, how the run is carried out. */
  readonly variant: Sequence
  readonly sequence: Sequence
  readonly run: string | null
  readonly channel: string | null
  readonly release: string | null
}
