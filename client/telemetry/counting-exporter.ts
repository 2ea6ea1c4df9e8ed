import type { SpanExporter } from '@opentelemetry/sdk-trace-base'

/** An exporter that knows what became of its spans. */
export interface CountingExporter extends SpanExporter {
  readonly state: () => { readonly delivered: number; readonly why: string }
  /** Resolves when nothing is under way. */
  readonly idle: () => Promise<void>
}

/** Counts what `inner` delivers. */
export function countingExporter(inner: SpanExporter): CountingExporter {
  const underWay = new Set<Promise<void>>()
  let delivered = 0
  let why = ''
  return {
    export(spans, done) {
      const sent = Promise.withResolvers<void>()
      underWay.add(sent.promise)
      inner.export(spans, (result) => {
        if (result.error === undefined && result.code === 0) delivered += spans.length
        else why = whyOf(result.error)
        underWay.delete(sent.promise)
        sent.resolve()
        done(result)
      })
    },
    shutdown: () => inner.shutdown(),
    state: () => ({ delivered, why }),
    idle: async () => {
      await Promise.all(underWay)
    },
  }
}

function whyOf(error: Error | undefined): string {
  if (error === undefined) return 'it did not take them'
  return 'code' in error && typeof error.code === 'number' ? `it answered ${error.code}` : error.message
}
