import { PostHog } from 'posthog-node'
import { carrier } from './carrier.ts'
import { lossOf } from './loss.ts'
import type { TelemetrySink } from './sink.ts'

export interface PosthogTelemetryOptions {
  readonly host: string
  /** Of the project; not a secret. */
  readonly key: string
  /** Asked at the first event. */
  readonly distinctId: () => string
  /** How long the end of a run waits for what is left; milliseconds. */
  readonly closeMs: number
}

const FLUSH_AT = 20
const FLUSH_MS = 5000
/** Entries kept while nobody takes them; then the oldest are lost. */
const MOST_KEPT = 10_000

/** Telemetry as PostHog events, of nobody in particular: no person profile, no place. */
export function posthogTelemetry({ host, key, distinctId, closeMs }: PosthogTelemetryOptions): TelemetrySink {
  const post = carrier((body) => JSON.parse(body).batch.length)
  const client = new PostHog(key, {
    host,
    ...{ fetch: post.fetch, disableCompression: true, fetchRetryCount: 0, disableGeoip: true },
    ...{ flushAt: FLUSH_AT, flushInterval: FLUSH_MS, maxQueueSize: MOST_KEPT },
  })
  let told = 0
  let id: string | undefined
  return {
    tell({ event, at, ...properties }) {
      told += 1
      id ??= distinctId()
      const anonymous = { ...properties, $process_person_profile: false }
      client.capture({ distinctId: id, event, timestamp: new Date(at), properties: anonymous })
    },
    async close() {
      const stop = setTimeout(post.stop, closeMs)
      // The library's own limit comes into play only when it does not notice that all its requests have ended.
      await client.shutdown(closeMs * 2).catch(() => undefined)
      clearTimeout(stop)
      return lossOf(host, 'events', { told, ...post.state() })
    },
  }
}
