import type { Command } from 'commander'
import { parseBase } from '../option-values.ts'

/** Adds to a command that runs agents where it may tell of them. */
export function withTelemetryOptions(command: Command): Command {
  return command
    .option('--telemetry <file>', 'add what happened, without any texts, to a file of JSON lines')
    .option(
      '--telemetry-posthog <host>',
      'send it to PostHog; MILL_TELEMETRY_POSTHOG_KEY is the project',
      parseBase,
    )
    .option(
      '--telemetry-otlp <url>',
      'send it as a trace to an OpenTelemetry collector, over HTTP',
      parseBase,
    )
}
