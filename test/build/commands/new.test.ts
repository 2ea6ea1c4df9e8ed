import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { mill, scratch, start, withContent } from './mill.ts'

/** A person at a terminal, who answers a question when it is asked. */
async function answering(dir: string, args: readonly string[], answers: readonly (string | null)[]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stdout = Object.assign(new PassThrough(), { isTTY: true })
  const interrupt = new AbortController()
  const left = [...answers]
  let shown = ''
  stdout.on('data', (chunk) => {
    shown += chunk
    if (!/: $/.test(String(chunk)) || left.length === 0) return
    const answer = left.shift()
    if (answer === null) stdin.end()
    else stdin.write(`${answer}\n`)
  })
  const { ended } = start(dir, args, { stdin, stdout, signal: interrupt.signal })
  return { error: await ended, shown, left }
}

describe('mill new at a terminal', () => {
  test.each([
    { args: ['new', 'agent'], answers: ['', 'tidy'], made: 'agents/hello/tidy.md' },
    { args: ['new', 'agent'], answers: ['other', 'Tidy', 'tidy'], made: 'agents/other/tidy.md' },
    {
      args: ['new', 'agent'],
      answers: ['hello', 'greet', 'greet-twice'],
      made: 'agents/hello/greet-twice.md',
    },
    { args: ['new', 'flow'], answers: [''], made: 'agents/my-flow/seed.md' },
    { args: ['new', 'flow'], answers: ['hello', '../x', 'bye'], made: 'agents/bye/first-task.md' },
    { args: ['new', 'skill'], answers: ['a_b', 'greeting', 'a-b'], made: 'skills/a-b/SKILL.md' },
    { args: ['new'], answers: ['skil', 'skill', ''], made: 'skills/my-skill/SKILL.md' },
    { args: ['new'], answers: ['', '', 'x'], made: 'agents/hello/x.md' },
  ])('$args with $answers makes $made', async ({ args, answers, made }) => {
    const dir = withContent()
    const { error, shown, left } = await answering(dir, args, answers)
    expect([error, left]).toEqual([undefined, []])
    expect(shown).toContain(`created content/${made}\n`)
    expect(existsSync(join(dir, 'content', made))).toBe(true)
    if (!made.includes('/other/')) expect(await mill(dir, 'check')).toMatchObject({ code: 0 })
  })

  test('says why an answer cannot be taken, and asks again', async () => {
    const { shown } = await answering(withContent(), ['new', 'flow'], ['Ä', 'hello', 'new'])
    expect(shown).toContain('Expected a flow name of lower-case letters')
    expect(shown).toContain('There is a flow "hello" already')
    expect(shown.match(/Name of the flow \(my-flow\): /g)).toHaveLength(3)
  })

  test('creates nothing when the person leaves', async () => {
    const dir = scratch()
    const { error } = await answering(dir, ['new', 'agent'], ['flow', null])
    expect(error).toMatchObject({ code: 'ask/ended', exit: 130 })
    expect(readdirSync(dir)).toEqual([])
  })
})

test.each([[['new']], [['new', 'agent']], [['new', 'flow']], [['new', 'skill']]])(
  'mill %j asks nobody where nobody can answer',
  async (args) => {
    const dir = scratch()
    expect((await mill(dir, ...args)).error).toMatchObject({ code: 'new/name', exit: 2 })
    expect(readdirSync(dir)).toEqual([])
  },
)

test('mill new takes --content before and after what is made', async () => {
  const dir = scratch()
  expect((await mill(dir, 'new', '--content', 'a', 'flow', 'x')).out).toContain(
    'created a/agents/x/seed.md\n',
  )
  expect((await mill(dir, 'new', 'flow', 'x', '--content', 'b')).out).toContain(
    'created b/agents/x/seed.md\n',
  )
})

test('mill new agent says how a flow without a seed comes by one, and makes it', async () => {
  const dir = scratch()
  const made = await mill(dir, 'new', 'agent', 'tidy/sweep')
  expect(made.out).toBe(
    'created content/agents/tidy/sweep.md\nThe flow "tidy" has no seed yet, the prompt that plans it: mill new agent tidy/seed --seed\n',
  )
  expect((await mill(dir, 'check')).out).toContain('link/no-seed')
  expect((await mill(dir, 'new', 'agent', 'tidy/seed', '--seed')).out).toBe(
    'created content/agents/tidy/seed.md\n',
  )
  expect(await mill(dir, 'check')).toMatchObject({ code: 0 })
  expect((await mill(dir, 'new', 'agent', 'tidy/mop')).out).toBe('created content/agents/tidy/mop.md\n')
  expect((await mill(dir, 'new', 'agent', 'tidy/plan', '--seed')).error?.message).toContain('a second seed')
  expect((await mill(dir, 'new', 'agent', '--seed')).error?.message).toContain('a nameless seed')
})
