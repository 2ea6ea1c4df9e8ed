/**
 * How fast and how large a build is, beside a parser and a bare read of the same files in the same run.
 *
 *     node bench/build/run.ts             500, 5,000 and 50,000 documents, and a tree of 400 variants
 *     node bench/build/run.ts --smoke     the same with small trees, in seconds
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { median, ms, print } from '../figures.ts'
import { documentTree, editedFile, type Generated } from './documents.ts'
import type { Measured } from './measure.ts'
import { EDITED_FILE, variantTree } from './variants.ts'

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, rounds: { type: 'string', default: '3' } },
})
const sizes = values.smoke ? [100, 400] : [500, 5_000, 50_000]
const rounds = values.smoke ? 1 : Number(values.rounds)

interface Result {
  readonly name: string
  readonly documents: number
  readonly floor: number
  readonly parser: number
  readonly read: number
  readonly cold: number
  readonly warm: number
  readonly edit: number
  readonly peak: number
}

const folder = await mkdtemp(join(tmpdir(), 'mill-bench-'))
try {
  const [processor] = cpus()
  print(
    `Node ${process.version}, ${availableParallelism()} × ${processor?.model ?? 'unknown'}, ${rounds} rounds`,
  )
  const results = [await resultOf('400 variants', variantTree(), EDITED_FILE)]
  for (const size of sizes) {
    results.push(await resultOf(`${size} documents`, documentTree(size), editedFile(size)))
  }
  printTable(results)
  printGrowth(results.slice(1))
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function resultOf(name: string, files: Generated, edited: string): Promise<Result> {
  const dir = join(folder, name.replaceAll(' ', '-'))
  const folders = new Set([...files.keys()].map((path) => dirname(join(dir, path))))
  for (const one of folders) await mkdir(one, { recursive: true })
  for (const [path, text] of files) await writeFile(join(dir, path), text)
  const measured: Measured[] = []
  // One after the other, again and again: a slow minute of the machine then slows all of them.
  for (let round = 0; round < rounds; round++) {
    for (const what of ['read-and-hash', 'parse-only', 'cold', 'incremental']) {
      measured.push(await measure(what, dir, edited))
    }
  }
  const all = (what: string) => measured.flatMap(({ times }) => times[what] ?? [])
  await rm(dir, { recursive: true })
  return {
    name,
    documents: files.size,
    floor: median(all('read-and-hash')),
    parser: median(all('parse-only')),
    read: median(all('read')),
    cold: median(all('cold')),
    warm: median(all('warm')),
    edit: median(all('edit')),
    peak: Math.max(...measured.map(({ peak }) => peak)),
  }
}

async function measure(what: string, dir: string, edited: string): Promise<Measured> {
  const script = join(import.meta.dirname, 'measure.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, what, dir, edited], {
    maxBuffer: 1024 * 1024,
  })
  return JSON.parse(stdout) as Measured
}

function printTable(results: readonly Result[]): void {
  const rows = [
    [
      'tree',
      'cold',
      'of it reading',
      'unchanged',
      'one edit',
      'peak',
      'read+sha256',
      'cold ÷',
      'matter+remark',
      'cold ÷',
    ],
    ...results.map((one) => [
      ...[
        one.name,
        ms(one.cold),
        ms(one.read),
        ms(one.warm),
        ms(one.edit),
        `${Math.round(one.peak / 1024 ** 2)} MiB`,
      ],
      ...[ms(one.floor), ratio(one.cold, one.floor), ms(one.parser), ratio(one.cold, one.parser)],
    ]),
  ]
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? []
  print('')
  for (const row of rows) {
    print(
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
  }
  print('')
}

/** Ten times the documents in ten times the time is linear; what is more than that grows faster than the tree. */
function printGrowth(results: readonly Result[]): void {
  for (const [at, large] of results.entries()) {
    const small = results[at - 1]
    if (small === undefined) continue
    const times = large.documents / small.documents
    const grown = (key: 'cold' | 'warm' | 'edit' | 'floor') =>
      `${key} × ${(large[key] / small[key]).toFixed(1)}`
    print(
      `${small.name} → ${large.name} (× ${times}): ${(['cold', 'warm', 'edit', 'floor'] as const).map(grown).join(', ')}`,
    )
  }
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(1)
}
