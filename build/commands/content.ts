import { resolve } from 'node:path'
import { Option } from 'commander'
import type { CliIo } from '../../schemas/cli.ts'
import { BASELINE_PATH } from '../baseline/baseline-file.ts'
import type { Documents } from '../fetch/document.ts'
import { gather, gatherAndFetch } from '../gather.ts'
import { build } from '../pipeline.ts'
import type { BuildOutcome, SourceTree, ToolCeiling } from '../release.ts'
import { FORMATS, type Format, formatDiagnostics } from '../report.ts'
import { type DocumentFlags, fetchOptionsOf } from './documents.ts'

/** `--content <dir>`, the same for every command of this room. */
export function contentOption(): Option {
  return new Option('--content <dir>', 'content folder to read').default('content')
}

/** `--format <format>` of findings. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how findings are printed').choices([...FORMATS]).default('pretty')
}

/** A tree and what its build came to. */
export interface Built extends BuildOutcome {
  readonly tree: SourceTree
}

/** Builds a tree as it lies there: documents that are not in it are left out. */
export async function buildContent(io: CliIo, content: string): Promise<Built> {
  const tree = await gather(resolve(io.cwd, content))
  return { tree, ...build(tree) }
}

/** A tree, the documents it refers to, and what its build came to. */
export interface BuiltWithDocuments extends Built {
  readonly documents: Documents
}

/** Builds a tree with every document it refers to; how they were come by goes to stderr. */
export async function buildWithDocuments(
  io: CliIo,
  content: string,
  { toolCeiling, ...flags }: DocumentFlags & { readonly toolCeiling?: ToolCeiling | undefined },
): Promise<BuiltWithDocuments> {
  const { tree, documents } = await gatherAndFetch(resolve(io.cwd, content), fetchOptionsOf(io, flags))
  const built = { tree, documents, ...build({ ...tree, ceiling: toolCeiling }) }
  tellNotes(io, built)
  return built
}

/** What a person should know of how a build came about goes to stderr. */
export function tellNotes(io: CliIo, { documents, baseline }: BuiltWithDocuments): void {
  for (const note of documents.notes) io.stderr.write(`${note}\n`)
  const { listed } = baseline
  if (listed > 0) {
    io.stderr.write(`${BASELINE_PATH} lists ${listed} old ${listed === 1 ? 'finding' : 'findings'}\n`)
  }
}

/** Findings go to stdout: they are what these commands are asked for. */
export function printFindings(
  io: CliIo,
  { tree, diagnostics }: Built,
  { format, content }: { readonly format: Format; readonly content: string },
): void {
  const colours = io.stdout.isTTY === true && io.env.NO_COLOR === undefined
  io.stdout.write(formatDiagnostics(diagnostics, { format, root: content, sources: tree.files, colours }))
}
