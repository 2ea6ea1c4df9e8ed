import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Account } from '../../../../client/harness/claude/account.ts'
import { claudeHarness } from '../../../../client/harness/claude/claude.ts'
import { machineEnvironment, sdkFolder } from '../../../../client/harness/claude/config.ts'
import { disclosed } from '../../../../client/harness/claude/disclosed.ts'
import { endingOf } from '../../../../client/harness/claude/ending.ts'
import { gate } from '../../../../client/harness/claude/gate.ts'
import { readMessage } from '../../../../client/harness/claude/messages.ts'
import { agentEnvironment, claudeOptions, ownName } from '../../../../client/harness/claude/options.ts'
import { attemptServer } from '../../../../client/mcp/attempt-server.ts'
import { Desk } from '../desk.ts'

const access = { anthropic: { apiKey: 'secret-key' }, openai: {}, isScripted: false }

describe('claudeHarness().check()', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sdk-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  /** A package as it lies in a `node_modules`. */
  async function put(name: string): Promise<void> {
    const path = join(folder, 'node_modules', name)
    await mkdir(path, { recursive: true })
    await writeFile(join(path, 'package.json'), JSON.stringify({ name, version: '9.9.9', main: 'i.js' }))
    await writeFile(join(path, 'i.js'), '')
  }
  const check = (more = access) => claudeHarness({ access: more, sdk: folder }).check()

  test('says what is missing, and what to run', async () => {
    const missing = await check()
    expect(missing).toMatchObject({ ok: false, why: expect.stringContaining('is not installed') })
    expect(missing.ok ? '' : missing.fix).toMatch(
      /^Run: npm install .*--prefix .*claude-agent-sdk@[0-9.]+ &&/,
    )
    await put('@anthropic-ai/claude-agent-sdk')
    expect(await check()).toMatchObject({ ok: false, why: expect.stringContaining('has no program for') })
    await put(`@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`)
    expect(await check()).toEqual({ ok: true, version: '9.9.9' })
    const keyless = await check({ ...access, anthropic: {} as never })
    expect(keyless).toMatchObject({ ok: false, fix: expect.stringContaining('Set ANTHROPIC_API_KEY') })
  })

  test('a run without the SDK ends as "crash" and says how to get it', async () => {
    const desk = new Desk({ app: folder, flow: 'conformance', framework: null })
    const outcome = await claudeHarness({ access, sdk: folder }).run(desk.job('t1', 'one'))
    expect(outcome).toMatchObject({ end: 'crash', message: expect.stringContaining('npm install') })
  })
})

describe('the environment of an agent', () => {
  test('holds what reaches the network and nothing else of the machine', () => {
    const machine = machineEnvironment({
      PATH: '/bin',
      https_proxy: 'http://p',
      GITHUB_TOKEN: 't',
      OPENAI_API_KEY: 'k',
      NODE_OPTIONS: '--require x',
      ANTHROPIC_API_KEY: 'another',
    })
    expect(machine).toEqual({ PATH: '/bin', https_proxy: 'http://p' })
    const env = agentEnvironment({ machine, access: { apiKey: 'k', baseUrl: 'http://b' }, home: '/h' })
    expect(env).toMatchObject({
      HOME: '/h',
      CLAUDE_CONFIG_DIR: '/h',
      CLAUDE_CODE_TMPDIR: '/h',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      ANTHROPIC_API_KEY: 'k',
      ANTHROPIC_BASE_URL: 'http://b',
    })
    expect(env).not.toHaveProperty('ANTHROPIC_AUTH_TOKEN')
  })

  test('with a token, no key is sent along', () => {
    const env = agentEnvironment({ machine: {}, access: { apiKey: 'k', authToken: 't' }, home: '/h' })
    expect(env.ANTHROPIC_AUTH_TOKEN).toBe('t')
    expect(env).not.toHaveProperty('ANTHROPIC_API_KEY')
  })

  test('an empty folder of the SDK is none', () => {
    expect([sdkFolder({ MILL_CLAUDE_SDK: '' }), sdkFolder({ MILL_CLAUDE_SDK: '/s' })]).toEqual([
      undefined,
      '/s',
    ])
  })
})

describe('claudeOptions()', () => {
  const options = (effort?: 'off' | 'minimal' | 'low' | 'xhigh') => {
    const job = new Desk({ app: '/a', flow: 'f', framework: null }).job('t1', 'one')
    const closed = { job, signal: job.signal, isClosed: () => true, onReport: () => undefined }
    return claudeOptions({
      job: { ...job, ...(effort === undefined ? {} : { effort }) },
      tools: ['Write', 'Bash'],
      server: attemptServer(gate(closed).toolbox),
      env: {},
      hooks: { judge: async () => ({}), pause: async () => ({}) },
      spawn: () => {
        throw new Error('nothing is started here')
      },
      stop: new AbortController(),
    })
  }

  test('leave Claude nothing of its own', () => {
    expect(options()).toMatchObject({
      tools: [],
      allowedTools: ['mcp__mill__Write', 'mcp__mill__Bash'],
      toolAliases: { Write: 'mcp__mill__Write', Bash: 'mcp__mill__Bash' },
      permissionMode: 'dontAsk',
      permissionPrompts: 'none',
      settingSources: [],
      strictMcpConfig: true,
      persistSession: false,
      maxTurns: 60,
    })
    expect(options()).not.toHaveProperty('effort')
  })

  test('effort becomes thinking, or none', () => {
    expect(options('off')).toMatchObject({ thinking: { type: 'disabled' } })
    expect(options('minimal')).toMatchObject({ thinking: { type: 'disabled' }, effort: 'low' })
    expect(options('low')).toMatchObject({ effort: 'low' })
    expect(options('xhigh')).toMatchObject({ effort: 'xhigh' })
  })
})

describe('endingOf()', () => {
  const result = (more: object) => {
    const message = readMessage({ type: 'result', subtype: 'success', is_error: true, ...more })
    if (message?.type !== 'result') throw new Error('expected a result')
    return endingOf(message)
  }

  test.each([
    [{ is_error: false, result: 'bye' }, { end: 'done' }],
    [
      { api_error_status: 401, result: 'no' },
      { end: 'auth', message: 'no' },
    ],
    [{ api_error_status: 429 }, { end: 'rate-limit' }],
    [{ api_error_status: 404 }, { end: 'api-error', isModelLost: true }],
    [{ api_error_status: 500 }, { end: 'api-error' }],
    [{ api_error_status: null }, { end: 'api-error' }],
    [
      { subtype: 'error_max_turns', errors: ['a', 'b'] },
      { end: 'max-turns', message: 'a; b' },
    ],
    [{ subtype: 'error_max_budget_usd' }, { end: 'budget' }],
    [{ subtype: 'error_during_execution' }, { end: 'api-error' }],
    [{ subtype: 'something_new' }, { end: 'crash' }],
  ])('%j ends as %j', (more, wanted) => {
    expect(result(more)).toMatchObject(wanted)
  })
})

describe('Account', () => {
  const told = (inputTokens: number, outputTokens = 0) => ({
    inputTokens,
    outputTokens,
    cacheReadInputTokens: 0,
    cacheCreationInputTokens: 0,
  })
  const account = () => {
    const made = new Account()
    made.begin('m', { input_tokens: 10, output_tokens: 1, cache_read_input_tokens: 5 })
    made.complete({ output_tokens: 20 })
    return made
  }
  const request = { model: 'm', input: 10, output: 20, cacheRead: 5, cacheWrite: 0 }

  test('the last figures of an answer hold', () => {
    expect(account().requests).toEqual([request])
  })

  test('what was asked behind our back is added, and nothing twice', () => {
    expect(account().settled({ m: { ...told(10, 20), cacheReadInputTokens: 5 } })).toEqual([request])
    expect(account().settled({ 'm-under-another-name': told(35) })).toEqual([request])
    const hidden = { model: 'small', input: 7, output: 3, cacheRead: 0, cacheWrite: 0 }
    expect(account().settled({ m: { ...told(10, 20), cacheReadInputTokens: 5 }, small: told(7, 3) })).toEqual(
      [request, hidden],
    )
  })
})

describe('disclosed()', () => {
  const outcome = { end: 'auth', message: 'bad secret-key, secret-key', turns: 1, ms: 1 } as const
  const usage = [{ model: 'm', input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }]

  test('shows no credential, and calls tokens of a script what they are', () => {
    expect(disclosed({ ...outcome, usage }, access)).toMatchObject({ message: 'bad ***, ***', usage })
    const scripted = disclosed({ ...outcome, usage }, { ...access, isScripted: true })
    expect(scripted.usage).toMatchObject([{ model: 'scripted' }])
  })
})

test('ownName() takes our prefix away and leaves other names', () => {
  expect(['mcp__mill__Write', 'Write', 'mcp__x__Write'].map(ownName)).toEqual([
    'Write',
    'Write',
    'mcp__x__Write',
  ])
})
