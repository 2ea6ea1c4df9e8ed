/**
 * How many requests for a file of 40 KB are answered, beside nginx and a bare handler with the same bytes in the same run.
 *
 *     node bench/serve/run.ts             64 and 2,000 connections, plain and coded, with and without rebuilds
 *     node bench/serve/run.ts --smoke     the same for a second each
 */
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median, print } from '../figures.ts'
import { hasWrk, type Load, type Loaded, load } from './load.ts'
import { bareHandler, copyOf, mill, nginx, type Running } from './servers.ts'

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
  },
})
const rounds = values.smoke ? 1 : Number(values.rounds)
const seconds = values.smoke ? 1 : Number(values.seconds)
const folder = await mkdtemp(join(tmpdir(), 'mill-bench-'))
const content = join(folder, 'content')
await cp(join(import.meta.dirname, '../../test/fixtures/content-small'), content, { recursive: true })
await writeFile(join(content, 'agents/hello/large.md'), prompt(40_000))
const server = await mill(content, join(folder, 'store'))
let peers: readonly Running[] = []
try {
  const path = await pathOf('large')
  const size = await copyOf(`http://localhost:${server.port}${path}`, folder)
  const bare = await bareHandler(join(folder, path))
  peers = [(await nginx(folder)) ?? [], bare].flat()
  const names = peers.map(({ name }) => name).join(' and ')
  print(`${size} bytes, ${rounds} rounds of ${seconds} s, ${hasWrk ? 'wrk' : 'own load'}, beside ${names}`)
  print(
    'connections  coding    rebuilds  server                    req/s  mill to it       p99  errors  memory',
  )
  for (const connections of [64, 2_000]) {
    for (const coding of ['identity', 'gzip'] as const) await compare({ connections, coding, seconds }, path)
  }
  await whileRebuilding(() => compare({ connections: 64, coding: 'identity', seconds }, path, 'yes'))
  await besideIdlers(values.smoke ? 200 : 2_000, path)
} finally {
  await server.stop()
  for (const one of peers) await one.stop()
  await rm(folder, { recursive: true, force: true })
}

async function compare(asked: Omit<Load, 'url'>, path: string, rebuilds = 'no'): Promise<void> {
  const runs = [server, ...peers].map((one) => ({ one, loaded: [] as Loaded[] }))
  // One after the other, again and again: a slow minute of the machine then slows all.
  for (let round = 0; round < rounds; round += 1) {
    for (const { one, loaded } of runs) {
      const host = one === server ? 'localhost' : '127.0.0.1'
      loaded.push(await load({ ...asked, url: `http://${host}:${one.port}${path}` }))
    }
  }
  const perSecond = runs.map(({ loaded }) => median(loaded.map((one) => one.perSecond)))
  for (const [at, { one, loaded }] of runs.entries()) {
    const ratio = at === 0 ? '' : ((perSecond[0] ?? 0) / (perSecond[at] ?? 0)).toFixed(2)
    const cells = [
      ...[String(asked.connections).padEnd(11), asked.coding.padEnd(8), rebuilds.padEnd(8)],
      ...[one.name.padEnd(24), (perSecond[at] ?? 0).toFixed(0).padStart(6), ratio.padStart(10)],
      `${median(loaded.map(({ p99 }) => p99)).toFixed(1)} ms`.padStart(10),
      String(loaded.reduce((sum, { errors }) => sum + errors, 0)).padStart(6),
      `${one.memory().toFixed(0)} MiB`,
    ]
    print(cells.join('  '))
  }
}

/** Saves a prompt again and again while something else goes on. */
async function whileRebuilding(work: () => Promise<void>): Promise<void> {
  let edits = 0
  const editing = setInterval(() => {
    edits += 1
    void writeFile(join(content, 'agents/hello/edited.md'), prompt(500 + edits).replace('large', 'edited'))
  }, 300)
  await work()
  clearInterval(editing)
}

/** How a few clients fare while very many hold a connection and never finish their headers. */
async function besideIdlers(count: number, path: string): Promise<void> {
  const began = performance.now()
  let cut = 0
  let last = 0
  const idlers = Array.from({ length: count }, () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'))
    socket.on('error', () => undefined).resume()
    return once(socket, 'close').then(() => {
      cut += 1
      last = performance.now() - began
    })
  })
  const meanwhile = await load({
    url: `http://localhost:${server.port}${path}`,
    connections: 4,
    coding: 'identity',
    seconds: 3,
  })
  await Promise.all(idlers)
  print(
    `${cut} of ${count} who never finish were cut, the last after ${(last / 1_000).toFixed(1)} s; meanwhile p99 ${meanwhile.p99.toFixed(1)} ms, ${meanwhile.errors} errors`,
  )
}

async function pathOf(name: string): Promise<string> {
  const menu = (await (await fetch(`http://localhost:${server.port}/agent-menu.json`)).json()) as {
    agents: { id: string; downloadUrl: string }[]
  }
  return new URL(menu.agents.find(({ id }) => id === name)?.downloadUrl ?? '').pathname
}

function prompt(size: number): string {
  const lines = ['---', 'type: large', 'flow: hello', 'label: Large', 'model: claude-haiku-4-5-20251001']
  let text = [...lines, 'allowedTools: [Read, complete_task]', '---', '## Goal', ''].join('\n')
  for (let step = 1; text.length < size; step += 1) {
    text += `\nRead file ${(step * 7_919) % 1_000} and note what ${(step * 104_729).toString(36)} does there.\n`
  }
  return text
}
