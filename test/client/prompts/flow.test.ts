import { expect, test } from 'vitest'
import { checkFlow } from '../../../client/prompts/flow.ts'
import type { AgentPrompt } from '../../../schemas/agent-prompt.ts'

const agent = (type: string, more: Partial<AgentPrompt> = {}): AgentPrompt => ({
  type,
  flow: 'demo',
  skills: [],
  allowedTools: [],
  disallowedTools: [],
  dependsOn: [],
  body: '# x',
  ...more,
})
const seed = agent('plan', { seed: true })

test('checkFlow() keeps the seed apart from the others', () => {
  const { seed: found, prompts } = checkFlow('demo', [agent('a'), seed, agent('b', { dependsOn: ['a'] })])
  expect(found).toBe(seed)
  expect([...prompts.keys()]).toEqual(['a', 'b'])
})

test.each([
  [
    'two sinks',
    [seed, agent('a', { sink: true }), agent('b', { sink: true })],
    'at most one sink, found "a", "b"',
  ],
  ['a seed that is a sink', [agent('a', { seed: true, sink: true })], '"a" is seed and sink'],
  [
    'an unknown dependency',
    [seed, agent('a', { dependsOn: ['z'] })],
    '"a" depends on "z", expected one of a',
  ],
  ['a dependency on the seed', [seed, agent('a', { dependsOn: ['plan'] })], '"a" depends on "plan"'],
  ['a dependency on itself', [seed, agent('a', { dependsOn: ['a'] })], '"a" depend on each other'],
  ['a circle', [seed, agent('a', { dependsOn: ['b'] }), agent('b', { dependsOn: ['a'] })], 'in a circle'],
  ['runner-seeded work without a sink', [seed, agent('a', { runnerSeeded: true })], 'expected a sink'],
  ['a prompt of another flow', [seed, agent('a', { flow: 'other' })], 'belongs to flow "other"'],
  ['nothing', [], 'expected exactly one seed, found none'],
])('checkFlow() refuses %s', (_, prompts, said) => {
  expect(() => checkFlow('demo', prompts)).toThrow(expect.objectContaining({ code: 'run/flow-invalid' }))
  expect(() => checkFlow('demo', prompts)).toThrow(said)
})

test('checkFlow() names every problem at once', () => {
  expect(() => checkFlow('demo', [agent('a', { dependsOn: ['z'] })])).toThrow(
    /exactly one seed.*; "a" depends on "z"/,
  )
})
