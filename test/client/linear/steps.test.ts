import { describe, expect, test } from 'vitest'
import { assembleLinear } from '../../../client/linear/assemble-linear.ts'
import { together, toolsOf } from '../../../client/linear/linear-assignment.ts'
import { leadOf, stepsOf } from '../../../client/linear/steps.ts'
import { TOOLS } from '../../../schemas/agent-prompt.ts'
import { fc } from '../../properties.ts'
import { prompt, registry, spec } from '../scripted.ts'
import { servedFlow } from './content.ts'

/** Prompts in any order, each depending on some of those before it in another order, one of them the sink. */
const flows = fc
  .tuple(
    fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 1, maxLength: 20 }),
    fc.nat(),
    fc.infiniteStream(fc.nat()),
  )
  .map(([waits, sink, order]) => {
    const prompts = waits.map((earlier, index) =>
      prompt(`p${index}`, {
        dependsOn: [...new Set(earlier.filter((other) => other < index).map((other) => `p${other}`))],
        ...(index === sink % waits.length && !waits.some((them) => them.includes(index))
          ? { sink: true }
          : {}),
      }),
    )
    return prompts
      .map((each) => ({ each, key: order.next().value }))
      .sort((a, b) => a.key - b.key)
      .map(({ each }) => each)
  })

describe('stepsOf()', () => {
  test('takes every prompt once, each after what it depends on, the sink last', () => {
    fc.assert(
      fc.property(flows, (prompts) => {
        const steps = stepsOf(registry(prompts))
        expect(new Set(steps)).toEqual(new Set(prompts))
        expect(steps).toHaveLength(prompts.length)
        for (const [index, { dependsOn }] of steps.entries()) {
          const earlier = steps.slice(0, index).map(({ type }) => type)
          expect(dependsOn.every((type) => earlier.includes(type))).toBe(true)
        }
        const sink = steps.findIndex((step) => step.sink)
        if (sink !== -1) expect(sink).toBe(steps.length - 1)
      }),
    )
  })

  test('gives the order of the content that is served', async () => {
    const types = stepsOf(await servedFlow('integrate-posthog')).map(({ type }) => type)
    expect(types.at(-1)).toBe('report')
    for (const [earlier, later] of [
      ['init', 'identify'],
      ['plan-capture', 'capture'],
      ['capture', 'build'],
    ])
      expect(types.indexOf(earlier ?? '')).toBeLessThan(types.indexOf(later ?? ''))
  })
})

describe('leadOf()', () => {
  test('is the first step that says why it needs a dearer model, else the first', () => {
    const [a, b] = [prompt('a'), prompt('b', { reason: 'it weighs much' })]
    expect(leadOf([a, b], a)).toBe(b)
    expect(leadOf([a], b)).toBe(a)
  })
})

describe('toolsOf()', () => {
  const tools = fc.uniqueArray(fc.constantFrom(...TOOLS))

  test('allows what some prompt may use beyond the queue, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(tools, tools), { minLength: 1, maxLength: 6 }), (lists) => {
        const prompts = lists.map(([allowedTools, disallowedTools]) =>
          prompt('p', { allowedTools, disallowedTools }),
        )
        const { allow, deny } = toolsOf(prompts)
        for (const tool of TOOLS) {
          const isSomeones = lists.some(([yes, no]) => yes.includes(tool) && !no.includes(tool))
          const isOfTheQueue = ['enqueue_task', 'read_handoffs'].includes(tool)
          expect(allow.includes(tool)).toBe((isSomeones && !isOfTheQueue) || tool === 'complete_task')
        }
        expect(deny.some((tool) => allow.includes(tool))).toBe(false)
      }),
    )
  })
})

describe('together()', () => {
  test('adds up turns and time, and dollars only where everybody has a limit', () => {
    const some = [prompt('a', { maxTurns: 10, timeout: '90s', maxUsd: 1 }), prompt('b', { timeout: '1h' })]
    expect(together(some)).toEqual({ maxTurns: 70, timeoutMs: 3_690_000, stallMs: 300_000 })
    expect(together([some[0]!, prompt('c', { maxUsd: 0.5 })])).toMatchObject({ maxUsd: 1.5 })
  })
})

describe('assembleLinear()', () => {
  const project = { name: 'shop', framework: 'nextjs', runFolder: '.mill/runs/x' }
  const task = { spec: spec(1), failures: 0, state: { status: 'pending', attempts: 0 } } as const

  test('holds the whole job and every body in order, each with its own skills, and the contract for one agent', () => {
    const steps = [prompt('init', { skills: ['s'] }), prompt('report', { sink: true, label: 'Tell of it' })]
    const flow = {
      ...registry(steps, { body: 'Queue what is needed.' }),
      contracts: { seed: 'SEED', task: 'TASK', linear: 'ALONE' },
      skills: new Map([
        ['s', { id: 's', folder: '.mill/s', files: ['SKILL.md', 'references/COMMANDMENTS.md'] }],
      ]),
    }
    const { system, prompt: text } = assembleLinear({ registry: flow, project, steps, task })
    expect(system).toBe('## Project\n- Name: shop\n- Framework: nextjs\n- Run folder: .mill/runs/x\n\nALONE')
    expect(text.split('\n\n')).toEqual([
      '# The whole job',
      'Queue what is needed.',
      '# Step 1 of 2: init (init)',
      '## Read first\n- Rules: .mill/s/references/COMMANDMENTS.md\n- Skill: .mill/s/SKILL.md',
      'Do init.',
      '# Step 2 of 2: Tell of it (report)',
      'Do report.',
    ])
  })

  test('takes the contract of tasks where a release has none for one agent, and tells of the last attempt', () => {
    const failed = {
      ...task,
      state: { status: 'pending', attempts: 1, lastFailure: { kind: 'crash', message: 'boom' } },
    } as const
    const told = assembleLinear({ registry: registry([]), project, steps: [], task: failed })
    expect(told.system).toContain('TASK CONTRACT')
    expect(told.prompt).toContain('Attempt 1 ended: boom (crash)')
  })

  test('says what the content that is served says to one agent', async () => {
    const flow = await servedFlow('walking-skeleton')
    expect(flow.contracts.linear).toContain('do the whole job alone')
    const { prompt: text } = assembleLinear({ registry: flow, project, steps: stepsOf(flow), task })
    for (const { body } of [flow.seed, ...flow.prompts.values()]) expect(text).toContain(body.trim())
  })
})
