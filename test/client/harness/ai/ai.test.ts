import { tmpdir } from 'node:os'
import { describe, expect, test, vi } from 'vitest'
import { readModelAccess } from '../../../../client/config.ts'
import { aiHarness } from '../../../../client/harness/ai/ai.ts'
import { missingKey, providerOf } from '../../../../client/harness/ai/provider.ts'
import { Desk } from '../desk.ts'
import { chatServer } from '../openai-server.ts'
import { KEY } from './scripted-ai.ts'
import { agentOn } from './wires.ts'

const none = readModelAccess({})
const app = tmpdir()

describe('providerOf()', () => {
  test.each([
    ['anthropic/claude-opus-5', 'anthropic', 'claude-opus-5'],
    ['claude-haiku-4-5', 'anthropic', 'claude-haiku-4-5'],
    ['openai/o9', 'openai', 'o9'],
    ['gpt-5-mini', 'openai', 'gpt-5-mini'],
    ['qwen3-coder:30b', 'compatible', 'qwen3-coder:30b'],
    ['mistral/large', 'compatible', 'mistral/large'],
  ])('sends %s to %s', (id, kind, model) => {
    expect(providerOf(id, { access: none })).toMatchObject({ kind, model })
  })

  test('sends every model to an endpoint that was named, under its whole name', () => {
    for (const options of [
      { access: none, modelUrl: 'http://x/v1' },
      { access: readModelAccess({ MILL_OPENAI_BASE_URL: 'http://x/v1' }) },
    ]) {
      const provider = { kind: 'compatible', model: 'openai/gpt-5', url: 'http://x/v1' }
      expect(providerOf('openai/gpt-5', options)).toEqual(provider)
    }
  })

  test('tells which key is missing, and asks an endpoint for none', () => {
    const keys = ['claude-x', 'gpt-x', 'qwen3'].map((id) =>
      missingKey(providerOf(id, { access: none }), { access: none }),
    )
    expect(keys).toEqual(['Set ANTHROPIC_API_KEY', 'Set OPENAI_API_KEY', undefined])
    const access = readModelAccess({ ANTHROPIC_AUTH_TOKEN: 't', OPENAI_API_KEY: 'k' })
    expect(missingKey({ kind: 'anthropic', model: 'm' }, { access })).toBeUndefined()
    expect(missingKey({ kind: 'openai', model: 'm' }, { access })).toBeUndefined()
  })
})

describe('a request of aiHarness()', () => {
  const cheap = {
    input_tokens: 100,
    output_tokens: 5,
    cache_read_input_tokens: 40,
    cache_creation_input_tokens: 7,
  }
  const bodyOf = async (wire: string, more: object) => {
    const { wire: used } = await agentOn({ wire, app }, [{}], { system: 'You are told', ...more })
    return JSON.stringify(used.asked[0]?.body)
  }

  test('carries the effort as each provider wants it, and none where none is asked for', async () => {
    const model = 'claude-opus-5-5'
    expect(await bodyOf('anthropic', { model, effort: 'high' })).toContain(
      '"output_config":{"effort":"high"}',
    )
    expect(await bodyOf('anthropic', { effort: 'low' })).toContain(
      '"thinking":{"type":"enabled","budget_tokens"',
    )
    expect(await bodyOf('anthropic', { effort: 'off' })).toContain('"thinking":{"type":"disabled"}')
    expect(await bodyOf('compatible', { effort: 'medium' })).toContain('"reasoning_effort":"medium"')
    expect(await bodyOf('anthropic', {})).not.toMatch(/thinking|effort/)
    expect(await bodyOf('compatible', {})).not.toContain('reasoning_effort')
  })

  test('writes nothing to the terminal, not even where a provider cannot do what is asked', async () => {
    const warned = [vi.spyOn(process, 'emitWarning'), vi.spyOn(console, 'warn')]
    expect(await bodyOf('anthropic', { model: 'claude-opus-5-5', effort: 'minimal' })).toContain(
      '"effort":"low"',
    )
    for (const spy of warned) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })

  test('offers the tools of the job with their schemas, and nothing else', async () => {
    const body = await bodyOf('compatible', { tools: { allow: ['Read', 'Bash'], deny: ['Bash'] } })
    const names = JSON.parse(body).tools.map((tool: { function: { name: string } }) => tool.function.name)
    expect(names).toEqual(['Read', 'complete_task'])
    expect(body).toContain('"file_path"')
    expect(body).toContain('You are told')
  })

  test('is counted by itself, with what was cached', async () => {
    const call = { tool: 'Glob', input: { pattern: 'none' } }
    const answers = [{ calls: [call], usage: cheap }, { usage: { output_tokens: 9 } }]
    const { outcome } = await agentOn({ wire: 'anthropic', app }, answers)
    const model = 'claude-haiku-4-5'
    expect(outcome.usage).toEqual([
      { model, input: 100, output: 5, cacheRead: 40, cacheWrite: 7 },
      { model, input: 1000, output: 9, cacheRead: 0, cacheWrite: 0 },
    ])
  })

  const alone = async (isScripted: boolean, tellsUsage: boolean) => {
    const server = await chatServer({ brain: () => ({}), tellsUsage })
    const options = { access: { ...none, isScripted }, modelUrl: server.base }
    const job = new Desk({ app, flow: 'f', framework: null }).job('t1', 'one', {
      prompt: 'p',
      model: 'gpt-5-mini',
    })
    const outcome = await aiHarness(options).run(job)
    await server.close()
    return { disclosure: aiHarness(options).disclosure, usage: outcome.usage }
  }

  test('has no known price when its provider counts no tokens', async () => {
    const { usage } = await alone(false, false)
    expect(usage).toMatchObject([{ model: 'gpt-5-mini (tokens not told)', input: 0, output: 0 }])
  })

  test('is counted as scripted where a script answers, so that it is given no price', async () => {
    const { disclosure, usage } = await alone(true, true)
    expect(disclosure).toBe('model: scripted')
    expect(usage).toMatchObject([{ model: 'scripted', input: 1000, output: 100 }])
  })
})

describe('aiHarness()', () => {
  test('ends as "auth" and says which key is missing, before it asks anybody', async () => {
    const job = new Desk({ app, flow: 'f', framework: null }).job('t1', 'one', { model: 'claude-haiku-4-5' })
    const outcome = await aiHarness({ access: none }).run(job)
    expect(outcome).toMatchObject({ end: 'auth', turns: 0 })
    expect(outcome.message).toBe('Cannot run "claude-haiku-4-5": there is no key. Set ANTHROPIC_API_KEY')
  })

  test('can be used with a key, or with an endpoint that answers', async () => {
    const server = await chatServer({ brain: () => ({}) })
    const version = expect.stringMatching(/^7\./)
    expect(await aiHarness({ access: none, modelUrl: server.base }).check()).toEqual({ ok: true, version })
    await server.close()
    const gone = await aiHarness({ access: none, modelUrl: server.base }).check()
    expect(gone).toMatchObject({ ok: false, why: `nothing answers at ${server.base}` })
    const access = readModelAccess({ OPENAI_API_KEY: KEY })
    expect(await aiHarness({ access }).check()).toEqual({ ok: true, version })
  })
})

describe('readModelAccess()', () => {
  test('takes an empty variable for none, and only "1" for scripted', () => {
    expect(readModelAccess({ ANTHROPIC_API_KEY: '', MILL_SCRIPTED_MODEL: 'no' })).toEqual({
      anthropic: {},
      openai: {},
      isScripted: false,
    })
    expect(readModelAccess({ MILL_SCRIPTED_MODEL: '1' }).isScripted).toBe(true)
  })
})
