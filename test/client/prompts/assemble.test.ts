import { describe, expect, test } from 'vitest'
import { assembleSeed, assembleTask } from '../../../client/prompts/assemble.ts'
import { tellUpstream } from '../../../client/prompts/handoffs.ts'
import type { Registry } from '../../../client/prompts/registry.ts'
import { apply, emptyQueue, type Queue, taskOf } from '../../../client/queue/queue.ts'
import type { Handoff } from '../../../schemas/handoff.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { crash, done, ended, enqueued, handoff, prompt, registry, reported, started } from '../scripted.ts'

const project = { name: 'shop', framework: 'nextjs', runFolder: '.mill/runs/r' }
const queueOf = (...events: readonly RunEvent[]): Queue => events.reduce(apply, emptyQueue)
const skill = (id: string, files: readonly string[]) =>
  [id, { id, folder: `.mill/runs/r/skills/${id}`, files }] as const
const flow: Registry = {
  ...registry([prompt('work', { skills: ['capture', 'naming'] })]),
  skills: new Map([
    skill('capture', ['SKILL.md', 'references/COMMANDMENTS.md', 'references/EXAMPLE.md', 'references/a.md']),
    skill('naming', ['SKILL.md', 'references/EXAMPLE-web.md']),
  ]),
}
const inOrder = (text: string, parts: readonly string[]): void => {
  const places = parts.map((part) => text.indexOf(part))
  expect(places).not.toContain(-1)
  expect(places).toEqual([...places].sort((a, b) => a - b))
}

function assembled(queue: Queue, id: string): string {
  const task = taskOf(queue, id)
  if (!task) throw new Error(id)
  const { system, prompt: text } = assembleTask({
    registry: flow,
    project,
    queue,
    prompt: prompt('work', { skills: ['capture', 'naming'] }),
    task,
  })
  return `${system}\n${text}`
}

describe('assembleSeed()', () => {
  test('tells of the project, the contract, what is queued, and then the body', () => {
    const { system, prompt: text } = assembleSeed(flow, project, queueOf(enqueued(1), enqueued(2, [1])))
    inOrder(`${system}\n${text}`, [
      '- Name: shop',
      '- Framework: nextjs',
      '- Run folder: .mill/runs/r',
      'SEED CONTRACT',
      '## Pre-queued tasks',
      '- t1 work: Task 1\n',
      '- t2 work: Task 2, waits for t1',
      'Do seed.',
    ])
    expect(assembleSeed(flow, { ...project, framework: null }, emptyQueue).prompt).toBe('Do seed.')
  })
})

describe('assembleTask()', () => {
  test('keeps the order: project, examples, rules, skills, contract, input, body, context', () => {
    const queue = queueOf(
      enqueued(1),
      ...done(1),
      enqueued(2, [1], { inputs: { file: 'a.ts' }, reason: 'found it' }),
    )
    inOrder(assembled(queue, 't2'), [
      '## Project',
      'Reference example: .mill/runs/r/skills/capture/references/EXAMPLE.md',
      'Reference example: .mill/runs/r/skills/naming/references/EXAMPLE-web.md',
      'Rules: .mill/runs/r/skills/capture/references/COMMANDMENTS.md',
      'Skill: .mill/runs/r/skills/capture/SKILL.md',
      'Skill: .mill/runs/r/skills/naming/SKILL.md',
      'TASK CONTRACT',
      '## Your task input',
      '- Task: t2 (work), Task 2',
      '- Why it was queued: found it',
      '"file": "a.ts"',
      'Do work.',
      '## Context from previous steps',
      '### t1 work: Task 1 (done)',
      '- Did: did it',
    ])
    expect(assembled(queue, 't2')).not.toContain('Your last attempt')
  })
  test('tells a retry what the last attempt did and why it ended', () => {
    const lost = queueOf(enqueued(1), started(1), ended(1, { failure: crash, retry: true }))
    inOrder(assembled(lost, 't1'), [
      'Do work.',
      '## Your last attempt',
      'Attempt 1 ended: boom (crash)',
      'It left no handoff',
    ])
    const failure = { kind: 'self-reported', message: 'no room' } as const
    const told = queueOf(enqueued(1), started(1), reported(1, 'failed'), ended(1, { failure, retry: true }))
    inOrder(assembled(told, 't1'), ['Attempt 1 ended: no room (self-reported)', '- Did: did it'])
  })
})

const doneWith = (number: number, left: Handoff): RunEvent[] => [
  started(number),
  { ...reported(number), handoff: left } as RunEvent,
  ended(number),
]
const idsIn = (texts: readonly string[]): string[] =>
  texts.map((text) => /^### (t\d+)/.exec(text)?.[1] ?? text)

describe('tellUpstream()', () => {
  test('tells the whole chain, roots first, each once', () => {
    const queue = queueOf(
      enqueued(1),
      enqueued(2, [1]),
      enqueued(3, [1]),
      enqueued(4, [2, 3]),
      enqueued(5),
      ...done(1),
      ...done(2),
    )
    expect(idsIn(tellUpstream(queue, 't4'))).toEqual(['t1', 't2', 't3'])
    expect(tellUpstream(queue, 't1')).toEqual([])
  })
  test('tells the nearest in full and shortens what is far', () => {
    const left = { ...handoff('d'.repeat(5000)), forNextAgent: 'n'.repeat(5000) }
    const events = [1, 2, 3, 4].flatMap((n) => [enqueued(n, n > 1 ? [n - 1] : []), ...doneWith(n, left)])
    const texts = tellUpstream(queueOf(...events, enqueued(5, [4])), 't5')
    expect(idsIn(texts)).toEqual(['t1', 't2', 't3', 't4'])
    expect(texts[3]).toContain('d'.repeat(5000))
    expect(texts[0]).not.toContain('d'.repeat(2001))
    expect(texts.join('').length).toBeLessThanOrEqual(24_000)
  })
  test('stays within its budget, and cheap, however long the chain and however wide the graph', () => {
    const left = handoff('x'.repeat(300))
    const chain = Array.from({ length: 3000 }, (_, at) => at + 1).flatMap((n) => [
      enqueued(n, n > 1 ? [n - 1] : []),
      ...doneWith(n, left),
    ])
    const wide = Array.from({ length: 3000 }, (_, at) => at + 3002)
    const queue = queueOf(
      ...chain,
      enqueued(3001, [3000]),
      ...wide.flatMap((n) => [enqueued(n), ...doneWith(n, left)]),
      enqueued(6002, wide),
    )
    for (const id of ['t3001', 't6002']) {
      const texts = tellUpstream(queue, id)
      expect(texts[0]).toContain('Earlier steps are left out')
      expect(texts.join('').length).toBeLessThan(24_200)
      expect(texts.length).toBeGreaterThan(20)
    }
    expect(idsIn(tellUpstream(queue, 't3001')).at(-1)).toBe('t3000')
  })
})
