import { expect, test } from 'vitest'
import type { AgentEvent } from '../../../client/harness/harness.ts'
import { type Doing, next } from '../../../client/tui/activity.ts'
import { fc } from '../../properties.ts'

const call = (tool: string, input: unknown, id = 'c1'): AgentEvent => ({ t: 'call', id, tool, input })
const result = (ok = true, id = 'c1'): AgentEvent => ({ t: 'result', id, tool: 'x', ok, text: 'SECRET' })
const after = (...events: AgentEvent[]) =>
  events.reduce<Doing | undefined>((before, event) => next(before, event) ?? before, undefined)?.text

test.each([
  ['Read', { file_path: 'src/app.ts' }, 'Read src/app.ts'],
  ['Write', { path: 'a.ts', content: 'SECRET' }, 'Write a.ts'],
  ['Grep', { pattern: 'init\\(' }, 'Grep init\\('],
  ['Bash', { command: 'pnpm   add\nposthog-js' }, 'Bash pnpm add posthog-js'],
  ['mcp__mill__enqueue_task', { type: 'capture' }, 'enqueue_task capture'],
  ['set_env_values', { values: { KEY: 'SECRET' } }, 'set_env_values'],
  ['Odd', null, 'Odd'],
  ['Odd', { command: { toString: 1 } }, 'Odd'],
])('next() shows the tool %s and its subject', (tool, input, text) => {
  expect(after(call(tool, input))).toBe(text)
})

test('next() tells what an agent does between its calls', () => {
  expect(after({ t: 'start', tools: [], model: 'm' })).toBe('starts')
  expect(after({ t: 'text', text: 'SECRET' })).toBe('thinks')
  expect(after(call('Read', { path: 'a' }), result())).toBe('thinks, after Read a')
  expect(after(call('Read', { path: 'a' }), result(false), { t: 'text', text: 'so' })).toBe(
    'thinks, after Read a, which failed',
  )
  expect(after({ t: 'retry', status: 429 })).toBe('waits for the model provider (429)')
})

test('next() goes by the newest of parallel calls', () => {
  const both = [call('Read', { path: 'a' }, 'c1'), call('Read', { path: 'b' }, 'c2')]
  expect(after(...both, result(true, 'c1'))).toBe('Read b')
  expect(after(...both, result(true, 'c2'), result(true, 'c1'))).toBe('thinks, after Read b')
})

test.each([
  'echo STRIPE_KEY=SECRET >> .env',
  'printf "KEY: SECRET" > .env.local',
  'cat .env; echo SECRET',
  "KEY='SECRET SECRET' node seed.js",
  'KEY="SECRET SECRET" node seed.js',
  'export key=SECRET',
  'tee apps/web/.ENV <<< SECRET',
  'sh -c "TOKEN=SECRET',
])('next() shows no value of the command %s', (command) => {
  expect(after(call('Bash', { command }))).not.toContain('SECRET')
})

test('next() shows commands about examples of environment files', () => {
  expect(after(call('Bash', { command: 'cat .env.example' }))).toBe('Bash cat .env.example')
})

test('next() gives nothing that could move a cursor or hide what it says, whatever a tool is given', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary' }),
      (subject, tool) => {
        const text = after(call(tool, { path: subject })) ?? ''
        expect(text).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069\u200B]/u)
        expect([...text].length).toBeLessThanOrEqual(170)
      },
    ),
  )
  expect(after(call('Bash', { command: 'a\u001b[2Jb\u202Ec' }))).toBe('Bash a<U+001B>[2Jb<U+202E>c')
})
