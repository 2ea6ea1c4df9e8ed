/**
 * Measures one thing in a process of its own, so that no measurement finds a warm machine that another has left, and
 * prints it as one line of JSON. `node bench/build/measure.ts <what> <folder> <edited file>`
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import matter from 'gray-matter'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { createBuilder } from '../../build/builder.ts'
import { gather } from '../../build/gather.ts'
import { build } from '../../build/pipeline.ts'
import type { BuildOutcome, SourceTree } from '../../build/release.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { prose } from './documents.ts'
import { DOCUMENT_URLS } from './variants.ts'

/** What a measurement found. */
export interface Measured {
  /** Milliseconds, by what was done. */
  readonly times: Readonly<Record<string, readonly number[]>>
  /** Bytes of the process at its largest. */
  readonly peak: number
}

const EDITS = 7

const [what = '', folder = '', edited = ''] = process.argv.slice(2)
const content = join(folder, 'content')

const measurements: Readonly<Record<string, () => Promise<Measured['times']>>> = {
  'read-and-hash': async () => {
    const started = performance.now()
    for (const path of await filesOf(folder))
      createHash('sha256')
        .update(await readFile(path))
        .digest()
    return { 'read-and-hash': [performance.now() - started] }
  },
  'parse-only': async () => {
    const parser = unified().use(remarkParse)
    const started = performance.now()
    for (const path of await filesOf(content)) {
      if (!path.endsWith('.md')) continue
      parser.parse(matter(await readFile(path, 'utf8')).content)
    }
    return { 'parse-only': [performance.now() - started] }
  },
  cold: async () => {
    const started = performance.now()
    const tree = await withDocuments()
    const read = performance.now()
    sound(build(tree))
    return { read: [read - started], cold: [performance.now() - started] }
  },
  incremental: async () => {
    const builder = createBuilder()
    const tree = await withDocuments()
    const started = performance.now()
    const first = sound(builder.build(tree))
    const times = { first: [performance.now() - started], warm: [] as number[], edit: [] as number[] }
    for (let at = 0; at < EDITS; at++) {
      times.warm.push(time(() => sound(builder.build(reread(tree)))))
      const after = reread(tree, `\nA new line, number ${at}.\n`)
      times.edit.push(time(() => sound(builder.build(after))))
    }
    if (sound(builder.build(reread(tree))) !== first) throw new Error('an edit that was undone left a trace')
    return times
  },
}

const measure = measurements[what]
if (measure === undefined)
  throw new Error(`Cannot measure "${what}": expected one of ${Object.keys(measurements).join(', ')}`)
const times = await measure()
process.stdout.write(
  `${JSON.stringify({ times, peak: process.resourceUsage().maxRSS * 1024 } satisfies Measured)}\n`,
)

function time(work: () => unknown): number {
  const started = performance.now()
  work()
  return performance.now() - started
}

/** The tree as it lies there; its remote documents are given, not fetched. */
async function withDocuments(): Promise<SourceTree> {
  const tree = await gather(content)
  const documents = new Map(DOCUMENT_URLS.map((url) => [url, { text: `${prose(url, 30)}\n`, digest: '' }]))
  return { ...tree, documents }
}

/** The tree as it would come from disk once more: other buffers, the same bytes but for the edit. */
function reread(tree: SourceTree, addition = ''): SourceTree {
  const files = tree.files.map(({ path, bytes }) => {
    const text = `content/${path}` === edited ? addition : ''
    return { path, bytes: new Uint8Array(Buffer.concat([bytes, Buffer.from(text)])) }
  })
  return { ...tree, files }
}

/** The release of a build in which nothing is wrong: anything else would measure another thing. */
function sound({ release, diagnostics }: BuildOutcome): string {
  const [first] = diagnostics
  if (release === undefined || hasErrors(diagnostics))
    throw new Error(`the tree is not sound: ${JSON.stringify(first)}`)
  return release.id
}

async function filesOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(dir, relative(dir, entry.parentPath), entry.name))
}
