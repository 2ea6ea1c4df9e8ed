import { lstat, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { BASELINE_PATH, formatBaseline } from '../baseline/baseline-file.ts'
import { build } from '../pipeline.ts'
import type { Format } from '../report.ts'
import { type CeilingFlags, readChannelCeiling } from './channel-ceiling.ts'
import { buildWithDocuments, printFindings } from './content.ts'
import type { DocumentFlags } from './documents.ts'

interface RecordOptions extends DocumentFlags, CeilingFlags {
  readonly format: Format
}

/** `mill check --write-baseline`: what can be excused is listed from now on, and no longer what has been fixed. */
export async function recordBaseline(io: CliIo, options: RecordOptions): Promise<void> {
  const toolCeiling = await readChannelCeiling(io, options)
  const { tree } = await buildWithDocuments(io, options.content, options)
  // Nothing that the old list says counts, not even its mistakes.
  const files = tree.files.filter(({ path }) => path !== BASELINE_PATH)
  const recorded = build({ ...tree, files, ceiling: toolCeiling, baselineUse: 'record' })
  const { excused } = recorded.baseline
  const listed = excused.reduce((sum, { count }) => sum + count, 0)
  await write(resolve(io.cwd, options.content), listed === 0 ? undefined : formatBaseline(excused))
  printFindings(io, { tree, ...recorded }, options)
  const what = listed === 0 ? 'is not needed' : `lists ${listed} ${listed === 1 ? 'finding' : 'findings'}`
  io.stderr.write(`${BASELINE_PATH} ${what} now\n`)
  io.exit(hasErrors(recorded.diagnostics) ? EXIT.problems : EXIT.ok)
}

async function write(root: string, text: string | undefined): Promise<void> {
  const path = join(root, BASELINE_PATH)
  try {
    const there = await lstat(path).catch(() => undefined)
    if (there !== undefined && !there.isFile()) throw new Error('it is not a file')
    if (text === undefined) await rm(path, { force: true })
    else await writeFileAtomic(path, text)
  } catch (cause) {
    throw unwritable(root, cause)
  }
}

function unwritable(root: string, cause: unknown): CommandError {
  const message = `Cannot write "${BASELINE_PATH}" in "${root}": ${(cause as Error).message}, expected a folder that can be written to`
  return new CommandError('baseline/unwritable', message, { cause })
}
