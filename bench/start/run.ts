/**
 * How long a server of many channels takes to start: each branch is a tree of 400 variants with an edit of its own.
 * Cold, with nothing in the store, and warm, which is how servers usually start.
 *
 *     node bench/start/run.ts             20 channels, 5 warm starts
 *     node bench/start/run.ts --smoke     4 channels, 1 warm start
 */
import { execFileSync, spawn } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { channelListSchema } from '../../schemas/channel.ts'
import { prose } from '../build/documents.ts'
import { DOCUMENT_URLS, EDITED_FILE, variantTree } from '../build/variants.ts'
import { median, ms, print, timeOf } from '../figures.ts'

/** From the start of the process until every channel answers, from a warm store. */
const LIMIT_MS = 2_000

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } })
const branches = values.smoke ? 3 : 19
const rounds = values.smoke ? 1 : 5

const folder = await mkdtemp(join(tmpdir(), 'mill-bench-'))
try {
  print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`)
  await writeRepository()
  const cold = await start()
  const warm: Started[] = []
  for (let round = 0; round < rounds; round++) warm.push(await start())
  const bare = [1, 2, 3].map(() => timeOf(() => execFileSync(process.execPath, ['-e', '0'])))
  const time = median(warm.map(({ elapsed }) => elapsed))
  print(`${branches + 1} channels and dev, 400 variants each`)
  print(`  cold store   ${ms(cold.elapsed)}, ${mebibytes(cold.memory)}`)
  print(`  warm store   ${ms(time)}, ${mebibytes(Math.max(...warm.map(({ memory }) => memory)))}`)
  print(`  an empty process takes ${ms(median(bare))}`)
  print(`  warm: ${(time / LIMIT_MS).toFixed(2)} of the limit of ${ms(LIMIT_MS)}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

interface Started {
  readonly elapsed: number
  /** Bytes of the process once it answers. */
  readonly memory: number
}

/** Starts a server, waits until it answers with every channel, and ends it. */
async function start(): Promise<Started> {
  const mill = join(import.meta.dirname, '../../bin/mill.js')
  const places = ['--content', join(folder, 'content'), '--docs-from', join(folder, 'documents')]
  const began = performance.now()
  const child = spawn(process.execPath, [mill, 'serve', ...places, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (chunk) => {
        said += chunk
        const [found] = /http:\/\/localhost:\d+/.exec(said) ?? []
        if (found !== undefined) resolve(found)
      })
      void ended.then(() => reject(new Error(`the server ended: ${said}`)))
    })
    const { channels } = channelListSchema.parse(await (await fetch(`${url}/channels`)).json())
    const elapsed = performance.now() - began
    const live = channels.filter(({ status }) => status === 'live').length
    if (live !== branches + 2) throw new Error(`${live} channels are live, expected ${branches + 2}`)
    return { elapsed, memory: await memoryOf(child.pid) }
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

async function writeRepository(): Promise<void> {
  await writeAll(folder, variantTree())
  const texts = DOCUMENT_URLS.map((url) => [url.replace('https://', ''), `${prose(url, 30)}\n`] as const)
  await writeAll(join(folder, 'documents'), new Map(texts))
  const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org']
  const git = (...args: string[]) => execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe' })
  git('init', '--quiet', '--initial-branch=main')
  git('add', 'content', 'apps')
  git('commit', '--quiet', '-m', 'content')
  for (let at = 0; at < branches; at++) {
    git('checkout', '--quiet', '-b', `experiment/b${at}`, 'main')
    await appendFile(join(folder, EDITED_FILE), `\nA line of branch ${at}.\n`)
    git('commit', '--quiet', '--all', '-m', `branch ${at}`)
  }
  git('checkout', '--quiet', 'main')
}

async function writeAll(dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const one of new Set([...files.keys()].map((path) => dirname(join(dir, path)))))
    await mkdir(one, { recursive: true })
  for (const [path, text] of files) await writeFile(join(dir, path), text)
}

async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
