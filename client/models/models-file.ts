import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { type ModelsFile, modelsFileSchema } from '../../schemas/models.ts'

/**
 * Reads the file of `--models`.
 * @throws CommandError `run/models-file` saying what in it was not expected
 */
export async function readModelsFile(path: string): Promise<ModelsFile> {
  try {
    return modelsFileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw unusable(path, cause)
  }
}

function unusable(path: string, cause: unknown): CommandError {
  const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message
  return new CommandError('run/models-file', `Cannot use the models of "${path}": ${why}`, {
    exit: EXIT.usage,
    cause,
  })
}
