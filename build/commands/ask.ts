import { createInterface } from 'node:readline/promises'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'

/** One question to a person. */
export interface Question {
  readonly text: string
  /** Taken when the answer is empty. */
  readonly fallback?: string | undefined
  /** Why an answer cannot be taken; undefined when it can. */
  readonly problem: (answer: string) => string | undefined
}

/** Asks until the answer can be taken. */
export type Ask = (question: Question) => Promise<string>

/**
 * Lets a person be asked while `use` runs; `use` gets undefined where nobody can answer.
 *
 * @throws {CommandError} `ask/ended` when the person leaves instead of answering.
 */
export async function asking<Result>(
  { stdin, stdout, signal }: CliIo,
  use: (ask: Ask | undefined) => Promise<Result>,
): Promise<Result> {
  if (stdin?.isTTY !== true || stdout.isTTY !== true) return await use(undefined)
  const left = new AbortController()
  const lines = createInterface({ input: stdin, output: stdout })
  lines.once('close', () => left.abort())
  lines.once('SIGINT', () => left.abort())
  const gone = AbortSignal.any([signal, left.signal])
  try {
    return await use(async ({ text, fallback, problem }) => {
      for (;;) {
        const hint = fallback === undefined ? '' : ` (${fallback})`
        const answer = (await lines.question(`${text}${hint}: `, { signal: gone })).trim() || (fallback ?? '')
        const told = problem(answer)
        if (told === undefined) return answer
        stdout.write(`  ${told}\n`)
      }
    })
  } catch (error) {
    throw gone.aborted ? unanswered(error) : error
  } finally {
    lines.close()
  }
}

function unanswered(cause: unknown): CommandError {
  const message = 'Cannot go on without an answer: nothing was created'
  return new CommandError('ask/ended', message, { exit: EXIT.interrupted, cause })
}
