import type { Face } from '../face.ts'
import type { TelemetryEntry } from './entry.ts'
import { telemetryMapper } from './mapper.ts'

/** Where telemetry goes. It never sees an event, only what the mapper made of it. */
export interface TelemetrySink {
  /** Contract: must not throw and must not wait. */
  readonly tell: (entry: TelemetryEntry) => void
  /** Sends what is left, within a time limit; resolves with a sentence on what was lost. Contract: never rejects. */
  readonly close: () => Promise<string | null>
}

/** Tells every sink of a run, through one mapper. What is lost is told once, when the run is over. */
export function telemetryFace(sinks: readonly TelemetrySink[], onLoss: (loss: string) => void): Face {
  const map = telemetryMapper()
  return {
    onEvent(event) {
      const entry = map(event)
      if (entry !== null) for (const sink of sinks) sink.tell(entry)
    },
    onReplay(events) {
      for (const event of events) map(event)
    },
    async close() {
      const losses = await Promise.all(sinks.map((sink) => sink.close()))
      for (const loss of losses) if (loss !== null) onLoss(loss)
    },
  }
}
