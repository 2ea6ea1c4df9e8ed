import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import type { RunEvent } from '../../schemas/run-event.ts'
import type { Face } from '../face.ts'
import { telemetryMapper } from './mapper.ts'

export interface JsonlTelemetryOptions {
  /** Lines are added to it; it is made when it is not there. */
  readonly file: string
}

/**
 * Telemetry as one JSON object a line. A file that fails later loses lines, never a run.
 * @throws {CommandError} `run/telemetry-unwritable` when the file cannot be opened
 */
export function jsonlTelemetry({ file }: JsonlTelemetryOptions): Face {
  const map = telemetryMapper()
  let open: number | null = openForLines(file)
  const write = (event: RunEvent) => {
    const entry = map(event)
    if (entry === null || open === null) return
    try {
      writeSync(open, `${JSON.stringify(entry)}\n`)
    } catch {
      closeSync(open)
      open = null
    }
  }
  return {
    onEvent: write,
    onReplay(events) {
      for (const event of events) map(event)
    },
    async close() {
      if (open !== null) closeSync(open)
      open = null
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
