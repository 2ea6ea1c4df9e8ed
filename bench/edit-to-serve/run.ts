/**
 * How long it takes from the last byte of a save until the new bytes are served, by `mill dev` on a tree of 400
 * variants; how much of it each stage takes; and how long a small request takes while such a tree is built cold.
 *
 *     node bench/edit-to-serve/run.ts             100 edits
 *     node bench/edit-to-serve/run.ts --smoke     12 edits
 *     node bench/edit-to-serve/run.ts --rounds 50 200 edits
 */
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { variantTree } from '../build/variants.ts'
import { median, ms, percentile, print } from '../figures.ts'
import { cleanRelease, fillCache, stagesOf } from './clean.ts'
import { type DevServer, type Folders, isServedAnew, menusOf, startDevServer } from './dev-server.ts'
import { requestsWhile } from './small-requests.ts'

/** From the last byte saved until the new bytes come, at the 95th percentile. */
const LIMIT_MS = 300

/** What is edited, which entry of a menu shows it, and how: each edit changes what is served. */
const KINDS = {
  prompt: ['agents/integrate/task-3.md', 'task-3', append],
  reference: ['skills/kits/group-7/references/2-step.md', 'kits-group-7-kit-21', append],
  partial: ['shared/setup.md', 'task-3', append],
  config: ['skills/kits/group-7/config.yaml', 'kits-group-7-kit-21', redescribe],
} as const

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, rounds: { type: 'string', default: '25' } },
})
const rounds = values.smoke ? 3 : Number(values.rounds)

const folder = await mkdtemp(join(tmpdir(), 'mill-bench-'))
try {
  print(
    `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, ${rounds} rounds`,
  )
  const folders = await writeTree(folder)
  await printEdits(folders)
  await printColdBuild(folders)
} finally {
  await rm(folder, { recursive: true, force: true })
}

async function printEdits(folders: Folders): Promise<void> {
  const server = await startDevServer(folders)
  try {
    const times = new Map<string, number[]>(Object.keys(KINDS).map((kind) => [kind, []]))
    const memory: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [kind, [path, id, edit]] of Object.entries(KINDS)) {
        times.get(kind)?.push(await timeOf(server, id, () => edit(join(folders.content, path), round)))
      }
      memory.push(server.memory())
    }
    const clean = await cleanRelease(folders)
    const { release } = await menusOf(server.url)
    if (release !== clean) throw new Error(`served ${release}, but a clean build is ${clean}`)
    print(`\nlast byte saved → new bytes served, release ${release.slice(0, 12)} as a clean build makes it`)
    for (const [kind, list] of times) printTimes(kind, list)
    printTimes('all', [...times.values()].flat())
    await printStages(folders)
    print(
      `memory after ${memory
        .map(megabytes)
        .filter((_, at) => isTold(at))
        .join(', ')} (each ${Object.keys(KINDS).length} edits later)`,
    )
  } finally {
    await server.close()
  }
}

function isTold(round: number): boolean {
  return round === 0 || round === rounds - 1 || (round + 1) % 5 === 0
}

async function printStages(folders: Folders): Promise<void> {
  print('of it, each stage by itself in a process that does nothing else:')
  for (const [kind, [path, , edit]] of Object.entries(KINDS)) {
    const { look, build, publish } = await stagesOf(folders, (round) =>
      edit(join(folders.content, path), 1_000 + round),
    )
    print(`  ${kind.padEnd(10)} two looks ${ms(look * 2)}, build ${ms(build)}, publish ${ms(publish)}`)
  }
}

/** A small tree becomes one of 400 variants, while somebody asks for something small again and again. */
async function printColdBuild({ content, cache }: Folders): Promise<void> {
  const small = join(folder, 'small')
  const own = { content: join(small, 'content'), cache, store: join(folder, 'small-store') }
  await writeAll(
    small,
    new Map([
      [
        'content/agents/integrate/seed.md',
        '---\ntype: seed\nflow: integrate\nmodel_sdk: claude-haiku-4-5-20251001\nseed: true\n---\nPlan.\n',
      ],
    ]),
  )
  const server = await startDevServer(own)
  try {
    const calm = await requestsWhile(server.url, () => sleep(1_000))
    const before = (await menusOf(server.url)).release
    const busy = await requestsWhile(server.url, async () => {
      await writeAll(small, variantTree())
      while ((await menusOf(server.url)).release === before) await sleep(50)
    })
    if ((await menusOf(server.url)).release !== (await cleanRelease(own)))
      throw new Error(`another tree than "${content}" was served`)
    print('\na small request, one after the other')
    print(
      `  nothing else    p50 ${ms(median(calm))}, p99 ${ms(percentile(calm, 99))}, longest ${ms(Math.max(...calm))}`,
    )
    print(
      `  cold build      p50 ${ms(median(busy))}, p99 ${ms(percentile(busy, 99))}, longest ${ms(Math.max(...busy))}, ${busy.length} requests`,
    )
  } finally {
    await server.close()
  }
}

async function timeOf({ url }: DevServer, id: string, edit: () => Promise<void>): Promise<number> {
  const before = await menusOf(url)
  // Saves come at any moment between two looks.
  await sleep(50 + Math.random() * 250)
  await edit()
  const saved = performance.now()
  while (!(await isServedAnew(url, id, before))) {
    if (performance.now() - saved > 20_000) throw new Error(`an edit of "${id}" was never served`)
    await sleep(4)
  }
  return performance.now() - saved
}

async function append(file: string, round: number): Promise<void> {
  await appendFile(file, `\nA new line, number ${round}.\n`)
}

async function redescribe(file: string, round: number): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text.replace(/^description: .*$/m, `description: Part 7 for {display_name}, edition ${round}`),
  )
}

async function writeTree(parent: string): Promise<Folders> {
  const tree = join(parent, 'tree')
  const folders = {
    content: join(tree, 'content'),
    cache: join(parent, 'cache'),
    store: join(parent, 'store'),
  }
  await writeAll(tree, variantTree())
  await fillCache(folders)
  return folders
}

async function writeAll(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const one of new Set([...files.keys()].map((path) => dirname(join(dir, path)))))
    await mkdir(one, { recursive: true })
  for (const [path, text] of files) await writeFile(join(dir, path), text)
}

function printTimes(kind: string, times: readonly number[]): void {
  const p95 = percentile(times, 95)
  const limit = `${(p95 / LIMIT_MS).toFixed(2)} of the limit of ${LIMIT_MS} ms`
  print(
    `  ${kind.padEnd(10)} median ${ms(median(times))}, p95 ${ms(p95)}, longest ${ms(Math.max(...times))}: ${limit}`,
  )
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}

function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration))
}
