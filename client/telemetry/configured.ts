import { resolve } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { type TelemetryConfig, tracesAt } from '../config.ts'
import type { Face } from '../face.ts'
import type { RunFlags } from '../option-values.ts'
import { distinctIdOf } from './distinct-id.ts'
import { jsonlTelemetry } from './jsonl.ts'
import { lateSink } from './late-sink.ts'
import { type TelemetrySink, telemetryFace } from './sink.ts'

export interface ConfiguredTelemetry {
  readonly flags: Pick<RunFlags, 'telemetry' | 'telemetryPosthog' | 'telemetryOtlp'>
  readonly config: TelemetryConfig
  readonly cwd: string
  /** Absolute path of the app. */
  readonly app: string
  /** Told, in a sentence, what will not be sent or was lost. */
  readonly onLoss: (loss: string) => void
  /** How long the end of a run waits, at most, for telemetry that nobody takes; milliseconds. */
  readonly closeMs?: number
}

const CLOSE_MS = 2000

/**
 * Every sink that somebody configured, as one face; none, unless somebody did. What speaks to a network is loaded when
 * the run is under way, and stays away under `DO_NOT_TRACK`.
 * @throws {CommandError} `run/telemetry-unwritable` or `run/telemetry-key-missing`
 */
export function configuredTelemetry(options: ConfiguredTelemetry): readonly Face[] {
  const { telemetry } = options.flags
  const sinks = [
    ...(telemetry === undefined ? [] : [jsonlTelemetry(resolve(options.cwd, telemetry))]),
    ...networkSinks(options),
  ]
  return sinks.length === 0 ? [] : [telemetryFace(sinks, options.onLoss)]
}

function networkSinks({
  flags,
  config,
  app,
  onLoss,
  closeMs = CLOSE_MS,
}: ConfiguredTelemetry): TelemetrySink[] {
  const { telemetryPosthog: host, telemetryOtlp } = flags
  const url = telemetryOtlp === undefined ? config.otlpUrl : tracesAt(telemetryOtlp)
  if (host === undefined && url === undefined) return []
  if (config.doNotTrack) {
    onLoss('Nothing is sent anywhere, since DO_NOT_TRACK is set')
    return []
  }
  return [
    ...(host === undefined ? [] : [posthogAt(host, { app, closeMs, key: config.posthogKey })]),
    ...(url === undefined ? [] : [otlpAt(url, closeMs)]),
  ]
}

interface PosthogAt {
  readonly app: string
  readonly closeMs: number
  readonly key: string | undefined
}

function posthogAt(host: string, { app, closeMs, key }: PosthogAt): TelemetrySink {
  if (key === undefined) {
    throw new CommandError(
      'run/telemetry-key-missing',
      `Cannot send telemetry to "${host}": MILL_TELEMETRY_POSTHOG_KEY is not set, expected the key of a PostHog project`,
      { exit: EXIT.usage },
    )
  }
  return lateSink('PostHog', async () => {
    const { posthogTelemetry } = await import('./posthog.ts')
    return posthogTelemetry({ host, key, distinctId: () => distinctIdOf(app), closeMs })
  })
}

function otlpAt(url: string, closeMs: number): TelemetrySink {
  return lateSink('the collector', async () => {
    const { otlpTelemetry } = await import('./otlp.ts')
    return otlpTelemetry({ url, closeMs })
  })
}
