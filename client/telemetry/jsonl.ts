import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import type { TelemetrySink } from './sink.ts'

/**
 * Telemetry as one JSON object a line, added to a file. A file that fails later loses lines, never a run.
 * @throws {CommandError} `run/telemetry-unwritable` when the file cannot be opened
 */
export function jsonlTelemetry(file: string): TelemetrySink {
  const open = openForLines(file)
  let lost = 0
  let why = ''
  return {
    tell(entry) {
      // Half a line would spoil the one after it.
      if (lost === 0) {
        try {
          writeSync(open, `${JSON.stringify(entry)}\n`)
          return
        } catch (error) {
          why = (error as Error).message
        }
      }
      lost += 1
    },
    async close() {
      closeSync(open)
      return lost === 0 ? null : `Cannot add ${lost} lines of telemetry to "${file}": ${why}`
    },
  }
}

function openForLines(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true })
    return openSync(file, 'a', 0o600)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

function unwritable(file: string, cause: unknown): CommandError {
  return new CommandError(
    'run/telemetry-unwritable',
    `Cannot write telemetry to "${file}": ${(cause as Error).message}`,
    { exit: EXIT.usage, cause },
  )
}
