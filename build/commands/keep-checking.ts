import { resolve } from 'node:path'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { createBuilder } from '../builder.ts'
import { exampleRequests } from '../example/requests.ts'
import type { Format } from '../report.ts'
import { type BetweenBuilds, buildWithDocuments, printFindings } from './content.ts'
import type { DocumentFlags } from './documents.ts'
import { type Round, recheck } from './watch.ts'

/** What is checked, and how findings are printed. */
export interface WatchOptions extends DocumentFlags {
  readonly content: string
  readonly format: Format
}

/** Remote documents are not asked for again at every save. */
const FRESH_MS = 10 * 60 * 1000

/** What makes a terminal forget what it shows. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H'

/** Checks content at once and after every change, until the command is interrupted. */
export async function keepChecking(io: CliIo, options: WatchOptions): Promise<void> {
  const between: BetweenBuilds = {
    scripts: new Map(),
    builder: createBuilder(),
    freshMs: FRESH_MS,
  }
  let unreadable: string | undefined
  await recheck(resolve(io.cwd, options.content), io.signal, async (): Promise<Round> => {
    try {
      const examples = await checkOnce(io, options, between)
      unreadable = undefined
      return { examples, readable: true }
    } catch (error) {
      if (!(error instanceof CommandError) || error.code !== 'content/not-found') throw error
      if (unreadable !== error.message) io.stderr.write(`error ${error.code}: ${error.message}\n`)
      unreadable = error.message
      return { examples: [], readable: false }
    }
  })
  io.exit(EXIT.interrupted)
}

async function checkOnce(
  io: CliIo,
  options: WatchOptions,
  between: BetweenBuilds,
): Promise<readonly string[]> {
  const start = performance.now()
  const built = await buildWithDocuments(io, options.content, { ...options, between })
  const took = Math.round(performance.now() - start)
  if (io.stdout.isTTY === true) io.stdout.write(CLEAR)
  printFindings(io, built, options)
  // Findings for programs stay alone on stdout.
  const words = options.format === 'pretty' ? io.stdout : io.stderr
  const time = new Date().toTimeString().slice(0, 8)
  words.write(`${time}  checked ${options.content} in ${took} ms, watching; Ctrl-C ends\n`)
  return exampleRequests(built.tree.files).paths
}
