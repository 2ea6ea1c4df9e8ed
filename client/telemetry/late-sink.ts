import type { TelemetryEntry } from './entry.ts'
import type { TelemetrySink } from './sink.ts'

/** How long a run is left alone before a library is loaded for its telemetry; milliseconds. */
const LATE_MS = 1000

/** A sink that keeps what it is told until it is loaded, which is some time after the first entry, or at the end. */
export function lateSink(name: string, load: () => Promise<TelemetrySink>): TelemetrySink {
  const kept: TelemetryEntry[] = []
  let loading: Promise<TelemetrySink> | undefined
  let loaded: TelemetrySink | undefined
  let timer: NodeJS.Timeout | undefined
  const loadNow = (): Promise<TelemetrySink> => {
    clearTimeout(timer)
    loading ??= load().then((sink) => {
      for (const entry of kept.splice(0)) sink.tell(entry)
      loaded = sink
      return sink
    })
    return loading
  }
  return {
    tell(entry) {
      if (loaded !== undefined) return loaded.tell(entry)
      kept.push(entry)
      timer ??= setTimeout(() => void loadNow().catch(() => undefined), LATE_MS).unref()
    },
    async close() {
      if (kept.length === 0 && loading === undefined) return null
      try {
        return await (await loadNow()).close()
      } catch (error) {
        return `Cannot tell ${name} of ${kept.length} events: ${(error as Error).message}`
      }
    },
  }
}
