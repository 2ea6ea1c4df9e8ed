/** A flow against an emulator that is not ours, and that insists on thinking blocks coming back untouched. */
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LLMock } from '@copilotkit/aimock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claudeHarness } from '../../../client/harness/claude/claude.ts'
import type { AgentHarness } from '../../../client/harness/harness.ts'
import { SDK } from '../../client/harness/claude/scripted-claude.ts'
import { Desk } from '../../client/harness/desk.ts'

type Call = readonly [tool: string, input: object]

const handoff = { goals: 'g', did: 'd', forNextAgent: 'n' }
/** Task type to its calls, one a turn. */
const SCRIPT: Readonly<Record<string, readonly Call[]>> = {
  seed: [
    ['enqueue_task', { type: 'a' }],
    ['enqueue_task', { type: 'report', dependsOn: ['t1'] }],
  ],
  a: [
    ['Write', { file_path: '../escaped.txt', content: 'x' }],
    ['Write', { file_path: 'a.txt', content: 'x' }],
    ['complete_task', { status: 'done', handoff }],
  ],
  report: [
    ['read_handoffs', {}],
    ['complete_task', { status: 'done', handoff }],
  ],
}

describe.skipIf(SDK === undefined)('claudeHarness() on a second emulator', () => {
  let folder = ''
  const emulator = new LLMock({ port: 0, host: '127.0.0.1', strict: true })
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'emulator-')))
    await emulator.start()
  })
  afterEach(async () => {
    await emulator.stop()
    await rm(folder, { recursive: true, force: true })
  })

  function script(): void {
    for (const [type, calls] of Object.entries(SCRIPT)) {
      for (let turn = 0; turn <= calls.length; turn++) {
        const [name, input] = calls[turn] ?? []
        emulator.on(
          {
            predicate: ({ messages }) =>
              messages.filter(({ role }) => role === 'assistant').length === turn &&
              JSON.stringify(messages).includes(`You play ${type}.`),
          },
          {
            reasoning: 'As it is written.',
            reasoningSignature: `signed ${type} ${turn}`,
            ...(name === undefined
              ? { content: 'That is all.' }
              : { toolCalls: [{ name: `mcp__mill__${name}`, arguments: JSON.stringify(input) }] }),
          },
        )
      }
    }
  }

  test('plans, works and reports, with thinking on', async () => {
    script()
    const app = join(folder, 'app')
    await mkdir(app)
    const desk = new Desk({ app, flow: 'conformance', framework: null })
    const anthropic = { apiKey: 'any', baseUrl: emulator.url }
    const claude = claudeHarness({ access: { anthropic, openai: {}, isScripted: true }, sdk: SDK })
    const told: AgentHarness = {
      ...claude,
      run: (job) =>
        claude.run({
          ...job,
          model: 'claude-haiku-4-5',
          system: `You play ${job.subject.type}.`,
          prompt: 'Begin.',
        }),
    }
    const outcomes = await desk.drain(told)
    expect(outcomes.map(({ end, message }) => [end, message])).toEqual(
      outcomes.map(() => ['done', undefined]),
    )
    expect(desk.tasks.map(({ type, status }) => [type, status])).toEqual([
      ['a', 'done'],
      ['report', 'done'],
    ])
    expect([await readdir(folder), (await readdir(app)).sort()]).toEqual([['app'], ['.mill', 'a.txt']])
    const asked = emulator.getRequests().filter(({ path }) => path.startsWith('/v1/messages'))
    expect(asked.map(({ response }) => response.status)).toEqual(asked.map(() => 200))
    expect(JSON.stringify(asked.at(-1)?.body)).toContain('You play report.')
  }, 60_000)
})
