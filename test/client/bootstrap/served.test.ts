import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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

test('mill run holds a server to a key, and a resume of that run would do so too', async () => {
  const user = someUser()
  const app = join(user.app, 'shop')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{"name":"shop","dependencies":{"next":"16.0.0"}}')
  const keyFile = join(user.app, 'key.pub')
  writeFileSync(keyFile, `${line}\n`)
  const server = await running(content, { store: join(user.home, 'store'), seal })
  const mill = async (named: string) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const signal = new AbortController().signal
    const io = { stdout, stderr, env: { HOME: user.home }, cwd: user.app, signal, exit: () => undefined }
    const args = [
      'shop',
      '--flow',
      'walking-skeleton',
      '--base',
      `${server.url}/channels/dev`,
      '--json',
      '--key',
      named,
    ]
    await clientCommands(io)[0]?.parseAsync(args, { from: 'user' })
    return String(stdout.read() ?? '')
  }
  await expect(mill(keyPair().line)).rejects.toMatchObject({ code: 'trust/wrong-key' })
  expect(await mill('key.pub')).toContain('"verdict":"succeeded"')
  const runs = join(app, '.mill/runs')
  const options = readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'options.json'), 'utf8')
  expect(runOptionsSchema.parse(JSON.parse(options)).key).toBe(line)
  expect(readdirSync(join(user.home, '.local/state/mill/pointers')).length).toBeGreaterThan(0)
}, 60_000)
