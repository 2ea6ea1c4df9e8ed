import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { askLinks } from '../fetch/ask-links.ts'
import { externalLinks } from '../lint/external-links.ts'
import { formatLinkRecord, LINK_RECORD_PATH } from '../lint/link-record.ts'
import { build } from '../pipeline.ts'
import type { SourceTree } from '../release.ts'
import type { Format } from '../report.ts'
import { decode } from '../text.ts'
import { type CeilingFlags, readChannelCeiling } from './channel-ceiling.ts'
import { buildWithDocuments, printFindings } from './content.ts'
import type { DocumentFlags } from './documents.ts'

interface CheckLinksOptions extends DocumentFlags, CeilingFlags {
  readonly format: Format
}

/** `mill check --links`: asks every external link, and records those that do not answer for later builds. */
export async function checkLinks(io: CliIo, options: CheckLinksOptions): Promise<void> {
  const toolCeiling = await readChannelCeiling(io, options)
  const { tree } = await buildWithDocuments(io, options.content, options)
  const urls = new Set(linksOf(tree))
  const unanswered = await askLinks(urls, { signal: io.signal })
  const on = new Date().toISOString().slice(0, 10)
  const record = [...unanswered].map(([url, reason]) => [url, { on, reason: reason.slice(0, 300) }] as const)
  const text = record.length === 0 ? undefined : formatLinkRecord(Object.fromEntries(record))
  await write(resolve(io.cwd, options.content), text)
  const checked = { ...tree, ceiling: toolCeiling, files: withRecord(tree, text) }
  const outcome = build(checked)
  printFindings(io, { tree: checked, ...outcome }, options)
  io.stderr.write(`${urls.size - unanswered.size} of ${urls.size} external links answered\n`)
  io.exit(hasErrors(outcome.diagnostics) ? EXIT.problems : EXIT.ok)
}

function linksOf({ files }: SourceTree): string[] {
  // What is no text is told by the build.
  const texts = files
    .filter(({ path }) => path.endsWith('.md'))
    .flatMap((file) => decode(file, () => {}) ?? [])
  return externalLinks(texts).map(({ url }) => url)
}

function withRecord({ files }: SourceTree, text: string | undefined): SourceTree['files'] {
  const others = files.filter(({ path }) => path !== LINK_RECORD_PATH)
  if (text === undefined) return others
  return [...others, { path: LINK_RECORD_PATH, bytes: new TextEncoder().encode(text) }]
}

async function write(root: string, text: string | undefined): Promise<void> {
  const path = join(root, LINK_RECORD_PATH)
  const written = text === undefined ? rm(path, { force: true }) : writeFileAtomic(path, text)
  await written.catch((cause: unknown) => {
    throw unwritable(root, cause)
  })
}

function unwritable(root: string, cause: unknown): CommandError {
  const message = `Cannot write "${LINK_RECORD_PATH}" in "${root}": ${(cause as Error).message}, expected a folder that can be written to`
  return new CommandError('lint/record-unwritable', message, { cause })
}
