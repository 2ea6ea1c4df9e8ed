import { randomUUID } from 'node:crypto'
import { constants, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FORM = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Under which name an app is told of: a random one, made at its first telemetry and kept in `.mill/telemetry-id`. It says
 * nothing of app, person or machine, and whoever deletes the file is somebody new. Where it cannot be kept, each run is.
 */
export function distinctIdOf(app: string): string {
  const file = join(app, '.mill/telemetry-id')
  const kept = readId(file)
  if (kept !== null) return kept
  const made = randomUUID()
  try {
    writeFileSync(file, `${made}\n`, { flag: 'wx' })
  } catch {
    // What lies there is no id of ours, so it stays as it is.
  }
  return made
}

/** Follows no link and believes nothing but the form: the app's folder may hold anything. */
function readId(file: string): string | null {
  try {
    const text = readFileSync(file, {
      encoding: 'utf8',
      flag: constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    })
    const id = text.trimEnd()
    return FORM.test(id) ? id : null
  } catch {
    return null
  }
}
