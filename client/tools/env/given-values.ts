import { CommandError, EXIT } from '../../../schemas/cli.ts'
import { envKey } from './env-key.ts'
import { unwritable } from './env-text.ts'

/** Environment values that a person gave for this run. They are in no journal, no handoff and no answer to an agent. */
export interface GivenValues {
  readonly has: (key: string) => boolean
  readonly get: (key: string) => string | undefined
  readonly give: (key: string, value: string) => void
}

/** Begins with what was given on the command line. */
export function givenValues(first: ReadonlyMap<string, string>): GivenValues {
  const values = new Map(first)
  return {
    has: (key) => values.has(key),
    get: (key) => values.get(key),
    give: (key, value) => void values.set(key, value),
  }
}

/**
 * Values as a person gives them: `KEY=value`, or `KEY` for what the environment has under that name.
 * @throws CommandError `run/env-invalid`, which never quotes a value
 */
export function readGiven(
  texts: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> {
  return new Map(
    texts.map((text): [string, string] => {
      const end = text.indexOf('=')
      const key = end < 0 ? text : text.slice(0, end)
      const found = envKey.safeParse(key)
      if (!found.success) throw refused(key, found.error.issues[0]?.message ?? 'expected a name')
      const value = end < 0 ? env[key] : text.slice(end + 1)
      if (!value) throw refused(key, 'expected KEY=value, or a variable of that name in the environment')
      const problem = unwritable(value)
      if (problem) throw refused(key, problem)
      return [key, value]
    }),
  )
}

function refused(key: string, why: string): CommandError {
  return new CommandError('run/env-invalid', `Cannot give ${JSON.stringify(key)} to the app: ${why}`, {
    exit: EXIT.usage,
  })
}
