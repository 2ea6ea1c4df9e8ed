import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { type CliIo, CommandError, EXIT } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { renderFaces } from '../faces.ts'
import { writeLock } from '../fetch/fetch-tree.ts'
import { writeFolder } from '../folder.ts'
import { publish } from '../publish.ts'
import type { Release } from '../release.ts'
import type { Format } from '../report.ts'
import { buildWithDocuments, contentOption, formatOption, printFindings } from './content.ts'
import { type DocumentFlags, documentOptions, updateLockOption } from './documents.ts'

interface BuildOptions extends DocumentFlags {
  readonly content: string
  readonly format: Format
  readonly out?: string
  readonly baseUrl: string
  readonly store?: string
}

const HELP = `
Examples:
  $ mill build
  $ mill build --out dist --base-url https://example.com/mill/`

/** `mill build`: a release as a folder that any static host can serve, or published to a store. */
export function buildCommand(io: CliIo): Command {
  const command = new Command('build')
    .description('Compile content into a release')
    .addOption(contentOption())
    .addOption(formatOption())
    .option(
      '--out <dir>',
      'folder to write the release to, replaced as a whole (default: "dist", unless --store is given)',
    )
    .option('--base-url <url>', 'address that the menus in --out point at', 'http://localhost:8765/')
    .option('--store <dir>', 'store to publish the release to, as channel dev')
    .addHelpText('after', HELP)
    .action((options: BuildOptions) => run(io, options))
  for (const option of [...documentOptions(), updateLockOption()]) command.addOption(option)
  return command
}

async function run(io: CliIo, options: BuildOptions): Promise<void> {
  const baseUrl = readBaseUrl(options.baseUrl)
  const out = options.out ?? (options.store === undefined ? 'dist' : undefined)
  if (out !== undefined) await requireReplaceable(resolve(io.cwd, out), out)
  const built = await buildWithDocuments(io, options.content, options)
  if (built.diagnostics.length > 0 || options.format === 'json') printFindings(io, built, options)
  if (hasErrors(built.diagnostics) || built.release === undefined) {
    io.exit(EXIT.problems)
    return
  }
  // Findings as json are read by programs: nothing else goes where they do.
  const words = options.format === 'json' ? io.stderr : io.stdout
  words.write(`${describe(built.release)}\n`)
  const { lock } = built.documents
  if (await writeLock(resolve(io.cwd, options.content), built.tree, lock)) {
    words.write(`content.lock now pins ${count(lock.size, 'document')}\n`)
  }
  if (out !== undefined) {
    const faces = renderFaces(built.release, baseUrl)
    await writeFolder([...built.release.artifacts.values(), ...faces.values()], resolve(io.cwd, out))
    words.write(`written to ${out} for ${baseUrl}\n`)
  }
  if (options.store !== undefined) {
    const store = resolve(io.cwd, options.store)
    const now = () => new Date()
    const { pointer } = await publish({ store, release: built.release, channel: 'dev', commit: null, now })
    words.write(`published to channel ${pointer.channel} of ${options.store}, serial ${pointer.serial}\n`)
  }
}

function describe({ id, index }: Release): string {
  const counts = [
    [index.flows.length, 'flow'],
    [index.agents.length, 'agent prompt'],
    [index.skills.length, 'skill'],
    [index.bundles.length, 'bundle'],
    [index.docs?.length ?? 0, 'document'],
  ] as const
  return `release ${id}: ${counts.map(([number, noun]) => count(number, noun)).join(', ')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function readBaseUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    const message = `Cannot point menus at "${text}": expected an http or https address without query`
    throw new CommandError('build/base-url', message, { exit: EXIT.usage })
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`
}

/** The folder is replaced as a whole, so it must be ours: absent, empty, or an earlier release. */
async function requireReplaceable(dir: string, named: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new CommandError('build/out', `Cannot write to "${named}": expected a folder`, {
      exit: EXIT.usage,
      cause: error,
    })
  })
  if (names.length === 0 || names.includes('SHA256SUMS')) return
  const message = `Cannot replace "${named}": ${join(named, names[0] ?? '')} is not of a release, expected an empty folder or an earlier release`
  throw new CommandError('build/out', message, { exit: EXIT.usage })
}
