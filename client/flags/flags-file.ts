import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { closest } from '../../schemas/suggest.ts'
import { FLAG } from './orchestrator-flag.ts'

const schema = z.record(z.string(), z.boolean())

/**
 * What the file of `--flags` says of the flag: an object of names to true or false. Undefined when it says nothing.
 * @throws CommandError `run/flags-file` saying what in it was not expected
 */
export async function readFlagsFile(path: string): Promise<boolean | undefined> {
  const flags = await readFlags(path)
  const meant = Object.hasOwn(flags, FLAG) ? undefined : closest(FLAG, Object.keys(flags))
  if (meant === undefined) return flags[FLAG]
  throw unusable(path, `it names "${meant}"; did you mean "${FLAG}"?`)
}

async function readFlags(path: string): Promise<Readonly<Record<string, boolean>>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw unusable(
      path,
      cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message,
      cause,
    )
  }
}

function unusable(path: string, why: string, cause?: unknown): CommandError {
  return new CommandError('run/flags-file', `Cannot use the flags of "${path}": ${why}`, {
    exit: EXIT.usage,
    cause,
  })
}
