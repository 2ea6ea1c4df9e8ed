import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { bootstrap } from '../../../client/bootstrap/bootstrap.ts'
import { openTrust } from '../../../client/bootstrap/open-trust.ts'
import { clientCommands } from '../../../client/cli.ts'
import { runOptionsSchema } from '../../../schemas/run-options.ts'
import { running } from '../../server/serving.ts'
import { keyPair } from './signed-site.ts'
import { someUser } from './trusted-run.ts'

const { key, line } = keyPair()
const content = join(import.meta.dirname, '../../../content')
const seal = { key, lifetimeMs: 3_600_000, now: () => new Date() }

test('a run of nine tasks needs at most 12 requests and 300 KB, with and without a key', async () => {
  const user = someUser()
  const server = await running(content, { store: join(user.home, 'store'), seal })
  const trust = await openTrust({
    ...{ key: line, cwd: '/', now: Date.now, notice: () => undefined },
    folders: { state: join(user.home, 'state'), cache: join(user.home, 'cache') },
  })
  for (const held of [{}, { trust }]) {
    let requests = 0
    let bytes = 0
    const counting: typeof globalThis.fetch = async (input, init) => {
      requests += 1
      const response = await globalThis.fetch(input, init)
      bytes += Number(response.headers.get('content-length') ?? Infinity)
      return response
    }
    const registry = await bootstrap({
      ...{
        base: `${server.url}/channels/dev`,
        flow: 'integrate-posthog',
        framework: 'nextjs',
        app: user.app,
      },
      ...{ skillsFolder: join(user.app, 'skills'), signal: new AbortController().signal, fetch: counting },
      ...held,
    })
    expect(registry.prompts.size).toBeGreaterThanOrEqual(9)
    expect(requests).toBeLessThanOrEqual(12)
    expect(bytes).toBeLessThanOrEqual(300_000)
  }
}, 60_000)

test('mill run holds a server to a key, and mill resume goes on with what the key vouched for, though the server is gone', async () => {
  const user = someUser()
  const app = join(user.app, 'shop')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"name":"shop","dependencies":{"next":"16.0.0"}}')
  writeFileSync(join(user.app, 'key.pub'), `${line}\n`)
  const server = await running(content, { store: join(user.home, 'store'), seal })
  /** Interrupted when its first task starts, where that is wanted. */
  const mill = async (words: readonly string[], isInterrupted = false) => {
    const interrupt = new AbortController()
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    let out = ''
    stdout.on('data', (chunk) => {
      out += String(chunk)
      if (isInterrupted && out.includes('"e":"task-started"')) interrupt.abort()
    })
    const { signal } = interrupt
    const io = { stdout, stderr, env: { HOME: user.home }, cwd: user.app, signal, exit: () => undefined }
    const [name = '', ...args] = words
    const command = clientCommands(io).find((each) => each.name() === name)
    await command?.parseAsync([...args, '--json'], { from: 'user' })
    return out
  }
  const begin = (key: string, isInterrupted = false) => {
    const where = ['--base', `${server.url}/channels/dev`]
    return mill(['run', 'shop', '--flow', 'walking-skeleton', ...where, '--key', key], isInterrupted)
  }
  await expect(begin(keyPair().line)).rejects.toMatchObject({ code: 'trust/wrong-key' })
  expect(await begin('key.pub', true)).toContain('"verdict":"cancelled"')
  const [run = ''] = readdirSync(join(app, '.mill/runs'))
  const folder = join(app, '.mill/runs', run)
  const { key: kept } = runOptionsSchema.parse(JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8')))
  expect(kept).toBe(line)
  expect(readdirSync(join(user.home, '.local/state/mill/pointers')).length).toBeGreaterThan(0)

  await server.close()
  const cache = join(user.home, '.cache/mill/artifacts')
  const away = `${cache}-away`
  renameSync(cache, away)
  await expect(mill(['resume', 'shop'])).rejects.toMatchObject({ code: 'run/server-unreachable' })
  // Whatever the address says, what comes is held against the name that the key vouched for.
  const liar = createServer((_, response) => response.end('{}')).listen(0, '127.0.0.1')
  await once(liar, 'listening')
  const { port } = liar.address() as AddressInfo
  const elsewhere = ['--base', `http://127.0.0.1:${port}`]
  await expect(mill(['resume', 'shop', ...elsewhere])).rejects.toMatchObject({ code: 'trust/index' })
  liar.closeAllConnections()
  liar.close()
  renameSync(away, cache)
  const resumed = await mill(['resume', 'shop'])
  expect(resumed).toContain('"verdict":"succeeded"')
  expect(resumed).toContain(`"run":"${run}"`)
}, 60_000)
