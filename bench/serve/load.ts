import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { Agent, get, type RequestOptions } from 'node:http'
import { promisify } from 'node:util'

export interface Load {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  readonly coding: 'identity' | 'gzip'
}

export interface Loaded {
  readonly perSecond: number
  readonly p99: number
  readonly errors: number
}

/** True where wrk makes the load; elsewhere a process of our own does, which is slower than what it measures. */
export const hasWrk = existsSync('/usr/bin/wrk')

/** Keeps so many connections busy for so long. */
export async function load(asked: Load): Promise<Loaded> {
  if (hasWrk) return withWrk(asked)
  const { stdout } = await promisify(execFile)(process.execPath, [
    import.meta.filename,
    JSON.stringify(asked),
  ])
  return JSON.parse(stdout) as Loaded
}

async function withWrk({ url, connections, seconds, coding }: Load): Promise<Loaded> {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency']
  const { stdout } = await promisify(execFile)('wrk', [...words, '-H', `Accept-Encoding: ${coding}`, url])
  const [, p99 = '', unit = 'ms'] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []
  const faults = [...stdout.matchAll(/(?:connect|read|write|timeout|responses:) (\d+)/g)]
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p99: Number(p99) * { us: 0.001, ms: 1, s: 1_000 }[unit as 'us' | 'ms' | 's'],
    errors: faults.reduce((sum, [, count]) => sum + Number(count), 0),
  }
}

/** Keep-alive connections, each asking again as soon as it was answered. */
async function withAgent({ url, connections, seconds, coding }: Load): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let errors = 0
  const end = performance.now() + seconds * 1_000
  const client = async () => {
    while (performance.now() < end) {
      const asked = performance.now()
      if (await isAnswered(url, { agent, headers: { 'accept-encoding': coding } })) {
        times.push(performance.now() - asked)
      } else errors += 1
    }
  }
  await Promise.all(Array.from({ length: connections }, client))
  agent.destroy()
  const p99 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN
  return { perSecond: times.length / seconds, p99, errors }
}

function isAnswered(url: string, options: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, options, (response) => {
      response.resume().on('close', () => resolve(response.complete && response.statusCode === 200))
    }).on('error', () => resolve(false))
  })
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(await withAgent(JSON.parse(process.argv[2] ?? '') as Load)))
}
