import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSource } from '../build/fetch/source.ts'
import { repoWithContent } from './repo.ts'
import { contentFolder, greetPrompt, scratch, write } from './scratch.ts'
import { eventually } from './serving.ts'

const MILL = join(import.meta.dirname, '../../bin/mill.js')

interface Mill {
  readonly out: () => string
  readonly err: () => string
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<number | null>
}

/** `mill …` as a person would start it. */
function mill(...args: string[]): Mill {
  const child = spawn(process.execPath, [MILL, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: scratch(),
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (err += chunk))
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { out: () => out, err: () => err, kill: (signal) => void child.kill(signal), ended }
}

async function urlOf({ out, err }: Mill): Promise<string> {
  const text = await eventually(
    () => out() + err(),
    (said) => /localhost:\d+\n/.test(said) || said.includes('error'),
  )
  return /http:\/\/localhost:\d+/.exec(text)?.[0] ?? text
}

test('mill dev says where it is once it answers, shows findings, and ends with 130', async () => {
  const { content } = repoWithContent()
  const dev = mill('dev', '--content', content, '--port', '0')
  const url = await urlOf(dev)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url.replace('localhost', '[::1]')}/healthz`)).status).toBe(200)
  await eventually(dev.out, (out) => /dev +live .*answers at \/.*\n +main +live .*branch "main"\n/.test(out))

  write(content, { 'agents/hello/greet.md': greetPrompt('x').replace('allowedTools', 'allowedTolls') })
  await eventually(dev.err, (err) => /greet\.md:\d+:\d+ {2}error/.test(err) && err.includes('allowedTolls'))
  await eventually(dev.out, (out) => /dev +stale .*has errors\n/.test(out))
  write(content, { 'agents/hello/greet.md': greetPrompt('Mended.') })
  await eventually(dev.out, (out) => /stale[\s\S]*dev +live/.test(out))

  dev.kill('SIGINT')
  expect(await dev.ended).toBe(130)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  'mill serve ends with 130 on %s, after open replies',
  async (signal) => {
    const server = mill('serve', '--content', contentFolder(), '--port', '0')
    const url = await urlOf(server)
    const reply = fetch(`${url}/agent-menu.json`)
    await reply
    server.kill(signal)
    expect(await server.ended).toBe(130)
    expect((await (await reply).json()) as object).toHaveProperty('agents')
    expect(server.err()).toBe('')
  },
)

test('mill serve answers a taken port with the way out, and never says that it is there', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => void taken.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const server = mill('serve', '--content', contentFolder(), '--port', String(port))
  expect(await server.ended).toBe(1)
  expect(server.err()).toContain(`error serve/port-taken: Cannot listen on port ${port}`)
  expect(server.err()).toContain('--port')
  expect(server.out()).toBe('')
})

test('mill serve answers what it cannot serve with one message and a code', async () => {
  const dir = scratch()
  mkdirSync(join(dir, 'empty'))
  writeFileSync(join(dir, 'file'), '')
  const cases = [
    [['--content', join(dir, 'missing')], 2, 'error content/not-found'],
    [['--content', join(dir, 'file')], 2, 'error content/not-found'],
    [
      ['--content', join(dir, 'empty'), '--port', '0', '--store', join(dir, 'store')],
      1,
      'error discover/empty',
    ],
    [['--content', contentFolder(), '--port', '0', '--root', 'nope'], 2, 'error serve/unknown-channel'],
    [['--content', contentFolder(), '--port', '65536'], 2, 'Cannot use port "65536"'],
    [['--content', contentFolder(), '--port', '8765x'], 2, 'Cannot use port "8765x"'],
    [['--content', contentFolder(), '--store', join(dir, 'file/store')], 1, 'error store/unwritable'],
  ] as const
  for (const [args, exit, message] of cases) {
    const server = mill('serve', ...args)
    expect([message, await server.ended]).toEqual([message, exit])
    expect(server.err()).toContain(message)
    expect(server.err()).not.toMatch(/\n {4}at /)
    expect(server.out()).not.toContain('Context Mill on')
  }
  // A folder that is not there gets no .mill beside it.
  expect(readdirSync(dir)).toEqual(['empty', 'file', 'store'])
})

test('mill dev is where documents come from as it is told, and ends with 130 while it waits for them', async () => {
  const content = contentFolder()
  const silent = await startSource({ '/far/a.md': () => {} })
  onTestFinished(silent.close)
  const url = `${silent.origin}/far/a.md`
  write(content, {
    'docs.yaml': `- {id: far, display_name: Far, description: Far., release_asset: true, urls: ["${url}"]}\n`,
  })
  const preview = scratch()
  write(preview, { [`${new URL(url).host}/far/a.md`]: '# Previewed' })
  const flags = ['--content', content, '--port', '0', '--cache', join(scratch(), 'cache')]

  const offline = mill('dev', ...flags, '--offline')
  await eventually(offline.err, (err) => err.includes('the network is not to be used'))
  const previewed = mill('dev', ...flags, '--docs-from', preview, '--store', scratch())
  const far = await fetch(`${await urlOf(previewed)}/far.md`)
  expect(await far.text()).toContain('# Previewed')
  expect(previewed.err()).toContain('a preview')
  expect(silent.asked).toEqual([])

  const waiting = mill('dev', ...flags, '--store', scratch())
  await eventually(
    () => silent.asked.length,
    (count) => count > 0,
  )
  waiting.kill('SIGINT')
  expect(await waiting.ended).toBe(130)
  expect([waiting.out(), waiting.err()]).toEqual(['', ''])
})

test('mill serve --help and mill dev --help show every flag and an example', async () => {
  for (const name of ['serve', 'dev']) {
    const help = mill(name, '--help')
    expect(await help.ended).toBe(0)
    const flags = ['--content', '--port', '--root', '--store', '--offline', '--docs-from', '--cache']
    for (const word of [...flags, 'Examples:', 'Exit codes']) expect(help.out()).toContain(word)
  }
})

test('listen() is heard on loopback addresses only', async () => {
  const server = mill('serve', '--content', contentFolder(), '--port', '0')
  const port = Number(new URL(await urlOf(server)).port)
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const listeners = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === '0A' && local.endsWith(`:${hex}`))
    .map(([, local = '']) => local.split(':')[0])
  expect([...new Set(listeners)].sort()).toEqual(['00000000000000000000000001000000', '0100007F'])
})
