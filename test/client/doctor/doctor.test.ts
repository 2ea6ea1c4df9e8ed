import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { clientCommands } from '../../../client/cli.ts'
import { readModelAccess } from '../../../client/config.ts'
import { checkKeys } from '../../../client/doctor/checks/keys.ts'
import { checkNode } from '../../../client/doctor/checks/node.ts'
import { checkTerminal } from '../../../client/doctor/checks/terminal.ts'
import type { Finding } from '../../../client/doctor/finding.ts'
import { serveFlow } from '../flow-server.ts'
import { chatServer } from '../harness/openai-server.ts'

let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'doctor-'))
})
afterEach(() => rm(app, { recursive: true, force: true }))

/** `mill doctor` with these arguments, and nothing of the environment but what is given. */
async function doctor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const stdout = new PassThrough()
  let exit: number | undefined
  const io = {
    stdout,
    stderr: new PassThrough(),
    env,
    cwd: app,
    signal: new AbortController().signal,
    exit: (code: number) => {
      exit = code
    },
  }
  const command = clientCommands(io).find((one) => one.name() === 'doctor')
  await command?.parseAsync(['node', 'mill', ...args])
  return { exit, said: String(stdout.read()) }
}

async function findings(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { exit, said } = await doctor([...args, '--format', 'json'], env)
  const told = JSON.parse(said) as { isReady: boolean; findings: Finding[] }
  const of = (subject: string) => told.findings.find((finding) => finding.subject === subject)
  return { exit, of, said, ...told }
}

describe('mill doctor', () => {
  test('ends with 0 where a run could begin, says what is served, and leaves nothing behind', async () => {
    const server = await serveFlow()
    const { exit, of, isReady } = await findings(['.', '--base', server.base])
    server.close()
    expect([exit, isReady]).toEqual([0, true])
    expect(of('server')?.found).toBe(`${server.base} serves release r1 of channel dev: demo`)
    expect(of('disk')).toMatchObject({ status: 'ok' })
    expect(of('harness embedded')).toMatchObject({ status: 'ok' })
    expect(of('git')?.found).toMatch(/^\d+\.\d+/)
    expect(await readdir(app)).toEqual([])
  })

  test('ends with 1 and says how to mend it where nothing is served, and where something else is', async () => {
    const other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const strange = await findings(['.', '--base', base])
    expect(strange.of('server')).toMatchObject({
      status: 'problem',
      found: expect.stringContaining('not with a menu'),
    })
    await new Promise((resolve) => other.close(resolve))
    const gone = await findings(['.', '--base', base])
    expect([gone.exit, gone.isReady]).toEqual([1, false])
    expect(gone.of('server')).toMatchObject({ status: 'problem', found: expect.stringContaining(base) })
    expect(gone.of('server')?.found).toContain('mill dev')
  })

  test('says that an app cannot be written, and of a file that it is no folder', async () => {
    await writeFile(join(app, 'file'), '')
    for (const name of ['none', 'file']) {
      const { exit, of } = await findings([name])
      expect([exit, of('disk')?.status]).toEqual([1, 'problem'])
      expect(of('disk')?.found).toContain(join(app, name))
    }
  })

  test('tells what the harness ai wants, and that it is there once it has it', async () => {
    const server = await chatServer({ brain: () => ({}) })
    const ready = await findings(['--model-url', server.base])
    expect(ready.of('harness ai')).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(/^version \d/),
    })
    await server.close()
    const { of } = await findings(['--model-url', server.base])
    expect(of('harness ai')).toMatchObject({ status: 'note', found: `nothing answers at ${server.base}` })
    expect(of('harness ai')?.fix).toContain('Start what serves models')
  })

  test('knocks where the environment says that models are', async () => {
    const server = await chatServer({ brain: () => ({}) })
    const env = { ANTHROPIC_BASE_URL: server.base, OPENAI_BASE_URL: 'http://127.0.0.1:1' }
    const { of } = await findings([], env)
    await server.close()
    expect(of('ANTHROPIC_BASE_URL')).toMatchObject({ status: 'ok', found: `${server.base} answers` })
    const said = { status: 'note', found: 'nothing answers at http://127.0.0.1:1' }
    expect(of('OPENAI_BASE_URL')).toMatchObject({ ...said, fix: 'Correct or unset OPENAI_BASE_URL' })
    expect((await findings([])).of('OPENAI_BASE_URL')).toBeUndefined()
  })

  test('says where the channels are told of, where there is no such channel', async () => {
    const other = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const site = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    const { of } = await findings(['.', '--base', `${site}/channels/nope`])
    await new Promise((resolve) => other.close(resolve))
    expect(of('server')?.found).toContain('/channels/nope/agent-menu.json')
    expect(of('server')?.fix).toContain(`a channel that ${site}/channels lists`)
  })

  test('names the keys that are set and shows no part of any', async () => {
    const env = {
      ANTHROPIC_API_KEY: 'sk-ant-abcdefgh',
      ANTHROPIC_AUTH_TOKEN: 'token-abcdefgh',
      OPENAI_API_KEY: 'sk-proj-abcdefgh',
      MILL_OPENAI_API_KEY: 'endpoint-abcdefgh',
    }
    const { of, said } = await findings([], env)
    expect(of('keys')?.found).toBe(Object.keys(env).join(', '))
    const { said: pretty } = await doctor([], env)
    for (const text of [said, pretty]) expect(text).not.toMatch(/abcd|sk-/)
  })

  test('is read by people as one line a finding, with the remedy below', async () => {
    const { said } = await doctor(['none'])
    expect(said).toMatch(/^ok {7}node {14}v\d+/m)
    expect(said).toMatch(/^problem {2}disk.*\n {11,}Name a folder/m)
  })
})

test.each([
  ['v24.21.0', 'ok'],
  ['v22.18.0', 'ok'],
  ['v23.0.0', 'ok'],
  ['v22.17.9', 'problem'],
  ['v20.20.2', 'problem'],
])('checkNode() of %s is %s', (version, status) => {
  expect(checkNode(version)).toMatchObject({ status })
})

test('checkKeys() says when a script answers for models', () => {
  const access = readModelAccess({ MILL_SCRIPTED_MODEL: '1' })
  expect(checkKeys(access)).toMatchObject({ status: 'note', found: expect.stringContaining('script') })
})

test.each([
  [{ isTTY: true, columns: 120 }, {}, 'a run draws its queue, 120 columns, colour', 'ok'],
  [{ isTTY: true, columns: 30 }, { NO_COLOR: '1' }, 'a run draws its queue, 30 columns, no colour', 'note'],
  [{ isTTY: true, columns: 120 }, { CI: 'true' }, 'CI is set: a run prints plain lines, colour', 'ok'],
  [{}, {}, 'none: a run prints plain lines, no colour', 'ok'],
] as const)('checkTerminal() of %j with %j', (...[terminal, env, found, status]) => {
  const stdout = Object.assign(new PassThrough(), terminal)
  expect(checkTerminal({ stdout, env })).toMatchObject({ found, status })
})
