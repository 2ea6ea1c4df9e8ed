import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type GateOptions, gate } from '../../../../client/harness/claude/gate.ts'
import { Desk } from '../desk.ts'

describe('gate()', () => {
  const write = { file_path: 'a.txt', content: 'x' }
  let app = ''
  beforeEach(async () => {
    app = await mkdtemp(join(tmpdir(), 'gate-'))
  })
  afterEach(() => rm(app, { recursive: true, force: true }))

  function open(more: Partial<GateOptions> = {}, authorize = async () => ({ allow: true }) as const) {
    const job = new Desk({ app, flow: 'f', framework: null }).job('t1', 'one', { authorize })
    return gate({ job, signal: job.signal, isClosed: () => false, onReport: () => undefined, ...more })
  }
  const hook = (tool_name: string, tool_input: unknown = write) => ({
    tool_name,
    tool_input,
    tool_use_id: 'u1',
  })
  const decisionOf = (answer: object) =>
    (answer as { hookSpecificOutput: { permissionDecision: string } }).hookSpecificOutput.permissionDecision
  const { signal } = new AbortController()

  test('a call runs once for each time it was allowed, and only as it was judged', async () => {
    const { judge, toolbox } = open()
    const call = () => toolbox.call({ tool: 'Write', input: write }, signal)
    expect(await call()).toMatchObject({ ok: false, text: expect.stringContaining('nobody has allowed') })
    expect(decisionOf(await judge(hook('mcp__mill__Write')))).toBe('allow')
    const other = { ...write, file_path: 'b.txt' }
    expect(await toolbox.call({ tool: 'Write', input: other }, signal)).toMatchObject({ ok: false })
    expect(await call()).toMatchObject({ ok: true })
    expect(await call()).toMatchObject({ ok: false })
  })

  test.each([['Bash'], ['Task'], ['mcp__other__Write'], ['mcp__mill']])(
    '"%s" is none of our tools and is denied, whatever the judge would say',
    async (name) => {
      expect(decisionOf(await open().judge(hook(name)))).toBe('deny')
    },
  )

  test.each([undefined, null, {}, { tool_name: 'mcp__mill__Write' }])(
    '%j cannot be judged, so it is denied',
    async (input) => {
      expect(decisionOf(await open().judge(input))).toBe('deny')
    },
  )

  test('a judge that throws denies, and so does an attempt that is over', async () => {
    const broken = open({}, async () => {
      throw new Error('out')
    })
    expect(decisionOf(await broken.judge(hook('mcp__mill__Write')))).toBe('deny')
    expect(decisionOf(await open({ isClosed: () => true }).judge(hook('mcp__mill__Write')))).toBe('deny')
  })
})
