import { PostHog } from 'posthog-node'
import type { PosthogAccess } from './config.ts'

export interface PosthogFlag {
  readonly flag: string
  /** Whoever is asked for; the same one is always given the same answer. */
  readonly unit: string
  readonly access: PosthogAccess
  readonly timeoutMs: number
}

/**
 * Asks PostHog for a flag, and tells it nothing: no event is captured. Undefined when it does not know the flag.
 * @throws Error when it cannot be asked, or not in time
 */
export async function posthogFlag({
  flag,
  unit,
  access,
  timeoutMs,
}: PosthogFlag): Promise<boolean | undefined> {
  const { host, key, personalKey } = access
  const client = new PostHog(key, {
    host,
    featureFlagsRequestTimeoutMs: timeoutMs,
    ...(personalKey === undefined ? {} : { personalApiKey: personalKey }),
  })
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined)
  client.on('error', (error: Error) => failed.reject(error))
  const timer = setTimeout(() => failed.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  try {
    const asked = client.isFeatureEnabled(flag, unit, { sendFeatureFlagEvents: false, disableGeoip: true })
    return await Promise.race([asked, failed.promise])
  } finally {
    clearTimeout(timer)
    // Nothing is left to send; what it still waits for is not waited for.
    void client.shutdown(timeoutMs).catch(() => undefined)
  }
}
