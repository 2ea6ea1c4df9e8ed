/**
 * What a run costs before its agents think: requests, bytes, and the wait for the first task. A real server and a real
 * `mill run` of integrate-posthog on a copy of an app, each in a process of its own; its agents follow rules, at once.
 * The app's own install and build, which take minutes, are left out: `npm` does nothing here.
 * One run goes through a tunnel that counts; the others, which are timed, do not.
 *
 *     node bench/run/run.ts             15 runs that are timed
 *     node bench/run/run.ts --smoke     2; fails on requests and bytes, which are exact, and on no time
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readRun, runIds } from '../../client/runs/read-runs.ts'
import { median, print, timeOf } from '../figures.ts'
import { countingTunnel, type Traffic } from './counting-tunnel.ts'

const LIMITS = { requests: 12, bytes: 300_000, firstTaskMs: 300, afterEnqueueMs: 50 } as const

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } })
const rounds = values.smoke ? 2 : 15
const root = join(import.meta.dirname, '../..')
const mill = join(root, 'bin/mill.js')

const folder = await mkdtemp(join(tmpdir(), 'mill-bench-run-'))
try {
  print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`)
  const tools = join(folder, 'tools')
  await mkdir(tools)
  for (const name of ['npm', 'npx'])
    await writeFile(join(tools, name), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  const server = await serve()
  try {
    const { tasks, traffic } = await counted(server.base)
    // Warm are the server's answers by now, and the code that was compiled once.
    const runs: Timed[] = []
    for (let round = 0; round < rounds; round += 1) runs.push(await timed(server.base))
    report({ tasks, traffic, runs })
  } finally {
    await server.stop()
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}

interface Timed {
  /** Since just before the process was started; milliseconds. */
  readonly firstTask: number
  readonly total: number
  readonly afterEnqueue: number
  readonly tasks: number
}

interface Findings {
  readonly tasks: number
  readonly traffic: Traffic
  readonly runs: readonly Timed[]
}

function report({ tasks, traffic, runs }: Findings): void {
  const bare = median([1, 2, 3, 4, 5].map(() => timeOf(() => execFileSync(process.execPath, ['-e', '0']))))
  const of = (key: keyof Timed) => runs.map((one) => one[key])
  print(`integrate-posthog, ${tasks} tasks, ${rounds} runs, load ${loadavg()[0]?.toFixed(1)}`)
  print(`  requests                    ${traffic.requests}, limit ${LIMITS.requests}`)
  print(`  bytes, heads included       ${traffic.bytes}, limit ${LIMITS.bytes}`)
  print(`  launch → first task         ${spread(of('firstTask'))}, limit ${LIMITS.firstTaskMs} ms`)
  print(`  first enqueue → first task  ${spread(of('afterEnqueue'))}, limit ${LIMITS.afterEnqueueMs} ms`)
  print(`  launch → exit               ${spread(of('total'))}`)
  print(
    `  an empty process            ${Math.round(bare)} ms: the first task waits for ${(median(of('firstTask')) / bare).toFixed(1)} of them`,
  )
  if (traffic.requests <= LIMITS.requests && traffic.bytes <= LIMITS.bytes) return
  print('a run asks for more than its limit')
  process.exitCode = 1
}

async function counted(base: string): Promise<{ readonly tasks: number; readonly traffic: Traffic }> {
  const tunnel = await countingTunnel()
  try {
    const { tasks } = await timed(base, tunnel.env)
    return { tasks, traffic: tunnel.traffic() }
  } finally {
    tunnel.close()
  }
}

/** One run on a fresh copy of the app. */
async function timed(base: string, env: Readonly<Record<string, string>> = {}): Promise<Timed> {
  const app = await mkdtemp(join(folder, 'app-'))
  await cp(join(root, 'test/fixtures/apps/nextjs-clean'), app, { recursive: true })
  const launched = Date.now()
  const child = spawn(process.execPath, [mill, 'run', app, '--flow', 'integrate-posthog', '--base', base], {
    env: { ...process.env, PATH: `${join(folder, 'tools')}:${process.env.PATH}`, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const code = await exitOf(child)
  const total = Date.now() - launched
  const [id = ''] = await runIds(app)
  const { events = [], queue } = (await readRun(app, id)) ?? {}
  if (code !== 0) throw new Error(`the run ended with ${code}, expected 0`)
  const atFirst = (kind: string) => events.find(({ e }) => e === kind)?.at ?? Number.NaN
  const started = atFirst('task-started')
  return {
    ...{ total, firstTask: started - launched, afterEnqueue: started - atFirst('task-enqueued') },
    tasks: queue?.counts.done ?? 0,
  }
}

interface Served {
  readonly base: string
  readonly stop: () => Promise<unknown>
}

async function serve(): Promise<Served> {
  const places = ['--content', join(root, 'content'), '--root', 'dev', '--store', join(folder, 'store')]
  const child = spawn(process.execPath, [mill, 'serve', ...places, '--port', '0', '--offline'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = exitOf(child)
  let said = ''
  const base = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += chunk
      const [found] = /http:\/\/localhost:\d+/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => reject(new Error(`the server ended: ${said}`)))
  })
  return {
    base,
    stop: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}

function spread(times: readonly number[]): string {
  return `${median(times)} ms (${Math.min(...times)} to ${Math.max(...times)})`
}
