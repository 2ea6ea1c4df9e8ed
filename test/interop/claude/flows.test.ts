/** Whole flows through `mill run --harness claude`: the real program, a scripted model, and no other network. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SDK } from '../../client/harness/claude/scripted-claude.ts'
import { type ModelServer, modelServer } from '../../client/harness/model-server.ts'
import { OFFLINE_POLICIES } from '../../client/harness/offline-policies.ts'
import { policyModel } from '../../client/harness/policy-model.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const MILL = join(ROOT, 'bin/mill.js')
const KEY = 'key-that-nobody-may-see'
const HAS_STRACE = spawnSync('strace', ['-V']).status === 0

describe.skipIf(SDK === undefined)('mill run --harness claude', () => {
  let base = ''
  let home = ''
  let mill: ChildProcess
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'interop-')))
    const args = [
      'serve',
      '--content',
      'content',
      '--root',
      'dev',
      '--port',
      '0',
      '--store',
      join(home, 'store'),
    ]
    mill = spawn(process.execPath, [MILL, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
    base = await new Promise<string>((found, fail) => {
      mill.once('exit', (code) => fail(new Error(`The server ended with ${code}`)))
      createInterface({ input: mill.stdout ?? process.stdin }).on('line', (line) => {
        const url = /on (http:\/\/\S+)/.exec(line)?.[1]
        if (url !== undefined) found(url)
      })
    })
  }, 60_000)
  afterAll(async () => {
    mill.kill('SIGINT')
    await rm(home, { recursive: true, force: true })
  })

  let app = ''
  let model: ModelServer | undefined
  let trap: Server
  let caught: string[] = []
  beforeEach(async () => {
    caught = []
    trap = createServer((socket) => {
      socket.once('data', (data) => caught.push(data.toString('latin1').split('\r\n')[0] ?? ''))
      socket.on('error', () => undefined)
    }).listen(0, '127.0.0.1')
    await new Promise((listening) => trap.once('listening', listening))
    app = join(home, 'app')
    await cp(join(ROOT, 'test/fixtures/apps/nextjs-clean'), app, {
      recursive: true,
      filter: (path) => !/\/(node_modules|\.next|\.mill)(\/|$)/.test(path.slice(ROOT.length)),
    })
  })
  afterEach(async () => {
    trap.close()
    await model?.close()
    await rm(app, { recursive: true, force: true })
  })

  /** Runs the command with a proxy that is a trap, watched by strace where there is one. */
  async function run(flow: string, sequence: string, modelBase: string) {
    const address = trap.address()
    const proxy = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
    const args = [process.execPath, MILL, 'run', app, '--flow', flow, '--base', base, '--harness', 'claude']
    const log = join(home, 'connects')
    const watched = HAS_STRACE
      ? ['strace', '-f', '-qq', '-e', 'trace=connect,sendto', '-o', log, ...args]
      : args
    const [program = '', ...rest] = [...watched, '--concurrency', '2', '--sequence', sequence]
    const child = spawn(program, rest, {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        CI: '1',
        MILL_CLAUDE_SDK: SDK,
        MILL_SCRIPTED_MODEL: '1',
        ANTHROPIC_API_KEY: KEY,
        ANTHROPIC_BASE_URL: modelBase,
        HTTPS_PROXY: proxy,
        HTTP_PROXY: proxy,
        NO_PROXY: '127.0.0.1,localhost',
      },
    })
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += String(chunk)))
    const code = await new Promise<number | null>((ended) => child.once('exit', ended))
    const connects = HAS_STRACE ? await readFile(log, 'utf8') : ''
    const addresses = [...connects.matchAll(/inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"/g)]
    return { code, out, addresses: [...new Set(addresses.map(([, v4, v6]) => v4 ?? v6 ?? ''))] }
  }

  async function everyFile(folder: string): Promise<string> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')))
    return texts.join('\n')
  }

  test.each([
    ['walking-skeleton', 'orchestrator'],
    ['integrate-posthog', 'orchestrator'],
    ['walking-skeleton', 'linear'],
    ['integrate-posthog', 'linear'],
  ])(
    '%s runs to its end as %s, tells that a script answered, and talks to this machine only',
    async (flow, sequence) => {
      model = await modelServer(policyModel(flow, OFFLINE_POLICIES), KEY)
      const { code, out, addresses } = await run(flow, sequence, model.base)
      expect(out).toContain(`${flow}: succeeded`)
      expect(code).toBe(0)
      expect(out).toContain('model: scripted')
      expect(out).not.toMatch(/\$[0-9]/)
      expect([model.refusals, model.strays, caught]).toEqual([[], [], []])
      expect(addresses.filter((address) => !/^(127\.|::1$|::ffff:127\.)/.test(address))).toEqual([])
      if (HAS_STRACE) expect(addresses).toContain('127.0.0.1')
      expect(await everyFile(app)).not.toContain(KEY)
      expect(out).not.toContain(KEY)
      const conversations = new Set(model.journal.map(({ prompt }) => prompt))
      if (sequence === 'linear') expect(conversations.size).toBe(1)
      else expect(conversations.size).toBeGreaterThan(4)
      if (flow === 'integrate-posthog') {
        expect(await readFile(join(app, 'package.json'), 'utf8')).toContain('posthog-js')
      }
    },
    300_000,
  )
})
