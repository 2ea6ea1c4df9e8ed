import { type SpanContext, TraceFlags } from '@opentelemetry/api'
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace-base'
import { digestOf } from '../../schemas/digest.ts'

/** Where a run's trace begins: the same whoever asks, so that a run that goes on joins it. */
export function originOf(run: string): SpanContext {
  const digest = digestOf(`mill run ${run}`)
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48), traceFlags: TraceFlags.SAMPLED }
}

/** Ids of one session: its first span is the origin of the trace, unless the run began before. */
export function traceIds(origin: SpanContext, isResumed: boolean): IdGenerator {
  const random = new RandomIdGenerator()
  let isOriginGiven = isResumed
  return {
    generateTraceId: () => origin.traceId,
    generateSpanId() {
      if (isOriginGiven) return random.generateSpanId()
      isOriginGiven = true
      return origin.spanId
    },
  }
}
