import { resolve } from 'node:path'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { type Builder, createBuilder } from '../builder.ts'
import { fetchTree, withDocuments } from '../fetch/fetch-tree.ts'
import type { SourceTree } from '../release.ts'
import type { Format } from '../report.ts'
import { followTree } from '../watch/follow-tree.ts'
import { type Look, openTreeReader } from '../watch/tree-reader.ts'
import { type CeilingFlags, readChannelCeiling } from './channel-ceiling.ts'
import { printFindings, tellNotes } from './content.ts'
import { type DocumentFlags, fetchOptionsOf } from './documents.ts'

/** What is checked, and how findings are printed. */
export interface WatchOptions extends DocumentFlags, CeilingFlags {
  readonly content: string
  readonly format: Format
}

/** Remote documents are not asked for again at every save. */
const FRESH_MS = 10 * 60 * 1000

/** What makes a terminal forget what it shows. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H'

/** Checks content at once and after every change, until the command is interrupted. */
export async function keepChecking(io: CliIo, options: WatchOptions): Promise<void> {
  const content = resolve(io.cwd, options.content)
  const builder = createBuilder()
  await followTree({
    content,
    reader: openTreeReader(content),
    known: undefined,
    prepare: async () => undefined,
    settled: async (look) => {
      if ('refused' in look) tellRefused(io, look.refused)
      else await checkOnce(io, options, { look, builder })
    },
    signal: io.signal,
  }).catch((error: unknown) => {
    if (!io.signal.aborted) throw error
  })
  io.exit(EXIT.interrupted)
}

interface Checked {
  readonly look: Extract<Look, { readonly tree: SourceTree }>
  readonly builder: Builder
}

function tellRefused(io: CliIo, { code, message }: CommandError): void {
  io.stderr.write(`error ${code}: ${message}\n`)
}

async function checkOnce(io: CliIo, options: WatchOptions, { look, builder }: Checked): Promise<void> {
  const start = performance.now()
  const ceiling = await readChannelCeiling(io, options).catch((error: unknown) => {
    // A file that is being written is not to end the watch.
    if (!(error instanceof CommandError) || error.code !== 'ceiling/unreadable') throw error
    return error
  })
  if (ceiling instanceof CommandError) return tellRefused(io, ceiling)
  const documents = await fetchTree(look.tree, {
    ...fetchOptionsOf(io, options),
    freshMs: FRESH_MS,
    root: resolve(io.cwd, options.content),
    beside: look.beside,
  })
  const tree = { ...withDocuments(look.tree, documents), ceiling }
  const built = { tree, documents, ...builder.build(tree) }
  tellNotes(io, built)
  const took = Math.round(performance.now() - start)
  if (io.stdout.isTTY === true) io.stdout.write(CLEAR)
  printFindings(io, built, options)
  // Findings for programs stay alone on stdout.
  const words = options.format === 'pretty' ? io.stdout : io.stderr
  const time = new Date().toTimeString().slice(0, 8)
  words.write(`${time}  checked ${options.content} in ${took} ms, watching; Ctrl-C ends\n`)
}
