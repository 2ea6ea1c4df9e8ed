import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { countingExporter } from './counting-exporter.ts'
import type { TelemetryEntry } from './entry.ts'
import { lossOf } from './loss.ts'
import { type RunSpans, runSpans } from './run-spans.ts'
import type { TelemetrySink } from './sink.ts'
import { originOf, traceIds } from './trace-ids.ts'

export interface OtlpTelemetryOptions {
  /** Where traces are posted. */
  readonly url: string
  /** How long the end of a run waits for what is left; milliseconds. */
  readonly closeMs: number
}

const BATCH_MS = 5000
/** Spans kept while nobody takes them; what comes after them is lost. */
const MOST_KEPT = 20_000

/** Telemetry as a trace, in JSON over HTTP. Nothing is said of the machine or the process. */
export function otlpTelemetry({ url, closeMs }: OtlpTelemetryOptions): TelemetrySink {
  const agent = new (url.startsWith('https:') ? SecureAgent : Agent)({ keepAlive: true })
  const inner = new OTLPTraceExporter({ url, timeoutMillis: closeMs, httpAgentOptions: () => agent })
  const exporter = countingExporter(inner)
  const spanProcessor = new BatchSpanProcessor(exporter, {
    ...{ scheduledDelayMillis: BATCH_MS, exportTimeoutMillis: closeMs, maxQueueSize: MOST_KEPT },
  })
  const begin = (entry: TelemetryEntry): RunSpans => {
    const origin = originOf(String(entry.run))
    const isResumed = entry.resumed === true
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'mill' }),
      spanProcessors: [spanProcessor],
      idGenerator: traceIds(origin, isResumed),
    })
    const parent = isResumed
      ? trace.setSpanContext(ROOT_CONTEXT, { ...origin, isRemote: true })
      : ROOT_CONTEXT
    return runSpans(provider.getTracer('mill'), parent)
  }
  let spans: RunSpans | undefined
  return {
    tell(entry) {
      spans ??= begin(entry)
      spans.tell(entry)
    },
    async close() {
      spans?.end()
      // Whatever hangs is cut off; an export that was cut off ends at once.
      const stop = setTimeout(() => agent.destroy(), closeMs)
      await spanProcessor.forceFlush().catch(() => undefined)
      await exporter.idle()
      clearTimeout(stop)
      agent.destroy()
      return lossOf(url, 'spans', { told: spans?.count() ?? 0, ...exporter.state() })
    },
  }
}
