/** A second emulator that was not made by us holds the harness to the rules of each wire, for one whole task. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ModelAccess } from '../../../../client/config.ts'
import { aiHarness } from '../../../../client/harness/ai/ai.ts'
import { Desk } from '../desk.ts'

let mock: LLMock
let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'emulator-'))
  mock = new LLMock({ port: 0, strict: true })
  const call = (name: string, input: object) => ({ name, arguments: JSON.stringify(input) })
  const usage = { input_tokens: 700, output_tokens: 30, prompt_tokens: 700, completion_tokens: 30 }
  const turns = [
    [call('Write', { file_path: 'a.txt', content: 'a' }), call('Write', { file_path: '../b', content: 'b' })],
    [call('Read', { file_path: 'a.txt' }), call('Read', { file_path: 'none.txt' })],
    [call('complete_task', { status: 'done', handoff: { goals: 'g', did: 'wrote', forNextAgent: 'n' } })],
  ]
  for (const [turn, toolCalls] of turns.entries()) {
    mock.addFixture({
      match: {
        predicate: ({ messages }) => messages.filter(({ role }) => role === 'tool').length === 2 * turn,
      },
      response: { content: 'So be it', reasoning: 'I think', reasoningSignature: 'signed', toolCalls, usage },
    })
  }
  await mock.start()
})
afterEach(async () => {
  await mock.stop()
  await rm(app, { recursive: true, force: true })
})

const access = (more: Partial<ModelAccess>): ModelAccess => ({
  anthropic: {},
  openai: {},
  isScripted: false,
  ...more,
})

test.each([
  [
    'messages',
    'claude-haiku-4-5',
    () => ({ access: access({ anthropic: { apiKey: 'k', baseUrl: mock.url } }) }),
  ],
  [
    'responses',
    'gpt-5-mini',
    () => ({ access: access({ openai: { apiKey: 'k', baseUrl: `${mock.url}/v1` } }) }),
  ],
  ['chat/completions', 'qwen3-coder', () => ({ access: access({}), modelUrl: `${mock.url}/v1` })],
])('aiHarness() does a whole task over /v1/%s', async (path, model, options) => {
  const desk = new Desk({ app, flow: 'f', framework: null })
  desk.tasks.push({ id: 't1', type: 'one', dependsOn: [], status: 'pending' })
  const effort = 'low'
  const job = desk.job('t1', 'one', { model, effort, system: 'You follow a script.', prompt: 'Do it' })
  const outcome = await aiHarness(options()).run(job)
  expect(outcome.message).toBeUndefined()
  expect(outcome).toMatchObject({ end: 'done', turns: 3 })
  expect(outcome.usage).toEqual(
    Array.from({ length: 3 }, () => ({ model, input: 700, output: 30, cacheRead: 0, cacheWrite: 0 })),
  )
  expect(desk.of('one').handoff?.did).toBe('wrote')
  expect(await readFile(join(app, 'a.txt'), 'utf8')).toBe('a')
  const results = desk.events.filter((event) => event.t === 'result')
  expect(results.flatMap(({ id, ok }) => (ok ? [id] : [])).sort()).toEqual(['c1', 'c3', 'c5'])
  const asked = mock.getRequests()
  expect(asked.map((request) => [request.path, request.response.status])).toEqual(
    Array.from({ length: 3 }, () => [`/v1/${path}`, 200]),
  )
})
