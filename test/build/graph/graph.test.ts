import { describe, expect, test } from 'vitest'
import { graphAscii } from '../../../build/graph/ascii.ts'
import { type FlowTasks, waitsFor, waves } from '../../../build/graph/flow.ts'
import { longestPath } from '../../../build/graph/longest-path.ts'
import { graphMermaid } from '../../../build/graph/mermaid.ts'
import { type Rectangle, route } from '../../../build/graph/route.ts'
import { graphSvg } from '../../../build/graph/svg.ts'
import { wrap } from '../../../build/graph/wrap.ts'
import { modelTier } from '../../../build/model-tier.ts'
import { type AgentPrompt, TOOLS } from '../../../schemas/agent-prompt.ts'
import { fc } from '../../properties.ts'

const prompt = (type: string, more: Partial<AgentPrompt> = {}): AgentPrompt => ({
  ...{ type, flow: 'f', body: 'x', skills: [], allowedTools: [], disallowedTools: [], dependsOn: [] },
  ...{ model: 'claude-haiku-4-5' },
  ...more,
})

function flowOf(prompts: readonly AgentPrompt[], tokens = 100): FlowTasks {
  return { name: 'f', prompts, tokens: new Map(prompts.map(({ type }) => [type, tokens])) }
}

const names = fc.uniqueArray(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,60}$/).filter((name) => name !== 'seed'),
  {
    minLength: 1,
    maxLength: 12,
  },
)

/** Flows with a seed, tasks that wait for earlier ones, and often a sink. */
const flows: fc.Arbitrary<FlowTasks> = names.chain((types) =>
  fc
    .tuple(
      fc.boolean(),
      ...types.map((_, at) =>
        fc.record({
          dependsOn: fc.subarray(types.slice(0, at)),
          allowedTools: fc.subarray([...TOOLS]),
          model: fc.constantFrom(
            'claude-haiku-4-5',
            'claude-sonnet-5',
            'claude-opus-5',
            'who-knows',
            'x'.repeat(90),
          ),
          runnerSeeded: fc.boolean(),
        }),
      ),
    )
    .map(([sink, ...tasks]) => {
      const prompts = tasks.map((task, at) =>
        prompt(types[at] ?? '', { ...task, ...(sink && at === tasks.length - 1 ? { sink: true } : {}) }),
      )
      return flowOf([prompt('seed', { seed: true }), ...prompts].sort((a, b) => (a.type < b.type ? -1 : 1)))
    }),
)

/** Every type that one waits for, directly or not. */
function allBefore(waits: ReadonlyMap<string, readonly string[]>, type: string): Set<string> {
  const direct = waits.get(type) ?? []
  return new Set(direct.flatMap((one) => [one, ...allBefore(waits, one)]))
}

describe('waitsFor()', () => {
  test('keeps all that is waited for, and nothing that is waited for anyway', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const waits = waitsFor(flow)
        for (const { type, dependsOn, seed, sink } of flow.prompts) {
          const all = allBefore(waits, type)
          expect([...all]).toEqual(expect.arrayContaining([...dependsOn, ...(seed ? [] : ['seed'])]))
          expect(sink !== true || all.size === flow.prompts.length - 1).toBe(true)
          const direct = waits.get(type) ?? []
          const implied = new Set(direct.flatMap((one) => [...allBefore(waits, one)]))
          expect(direct.filter((one) => implied.has(one))).toEqual([])
        }
      }),
    )
  })
})

describe('waves()', () => {
  test('holds every task once, after all that it waits for', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const waveOf = new Map(waves(flow).flatMap((wave, at) => wave.map(({ type }) => [type, at] as const)))
        expect(waveOf.size).toBe(flow.prompts.length)
        for (const [type, direct] of waitsFor(flow))
          for (const one of direct) expect(waveOf.get(one)).toBeLessThan(waveOf.get(type) ?? 0)
      }),
    )
  })
})

describe('longestPath()', () => {
  test('is the longest of all chains, and of the longest the dearest', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const waits = waitsFor(flow)
        const chains = (type: string): string[][] => {
          const direct = waits.get(type) ?? []
          return direct.length === 0
            ? [[type]]
            : direct.flatMap((one) => chains(one).map((chain) => [...chain, type]))
        }
        const units = (types: readonly string[]) =>
          types.reduce((sum, type) => sum + 100 * tierOf(flow, type), 0)
        const all = flow.prompts.flatMap(({ type }) => chains(type))
        const most = Math.max(...all.map((chain) => chain.length))
        const dearest = Math.max(...all.filter((chain) => chain.length === most).map(units))
        const path = longestPath(flow)
        expect([path?.types.length, path?.units, path?.tokens]).toEqual([most, dearest, most * 100])
        expect(path && units(path.types)).toBe(dearest)
        expect(path?.dearest.tier).toBe(Math.max(...(path?.types ?? []).map((type) => tierOf(flow, type))))
      }),
    )
  })

  test('counts a model that tells no tier as a dear one, and says that it does', () => {
    const flow = flowOf([prompt('seed', { seed: true, model: 'who-knows' })])
    expect(longestPath(flow)).toMatchObject({ units: 300, dearest: { known: false, model: 'who-knows' } })
    expect(graphAscii(flow)).toContain('who-knows (tier unknown, counted as 3)')
    expect(longestPath(flowOf([]))).toBeUndefined()
  })
})

function tierOf(flow: FlowTasks, type: string): number {
  return modelTier(flow.prompts.find((one) => one.type === type)?.model ?? '') ?? 3
}

describe('modelTier()', () => {
  test.each([
    [1, 'claude-haiku-4-5-20251001'],
    [1, 'openai/gpt-5.6-luna'],
    [1, 'gpt-5-mini'],
    [1, 'gemini-3-flash'],
    [2, 'claude-sonnet-5'],
    [2, 'openai/gpt-5.6-terra'],
    [3, 'claude-opus-5'],
    [3, 'gpt-6-astra'],
    [undefined, 'gpt-5.6'],
    [undefined, 'minimax-m2'],
    [undefined, 'produce'],
  ])('is %s for %s', (tier, model) => {
    expect(modelTier(model)).toBe(tier)
  })
})

describe('graphAscii()', () => {
  test('fits into 80 columns and names every task once', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const lines = graphAscii(flow).split('\n')
        expect(lines.filter((line) => line.length > 80)).toEqual([])
        for (const { type } of flow.prompts)
          expect(
            lines.filter((line) => /^ {2}[-*] /.test(line) && line.slice(4).split(' ')[0] === type),
          ).toHaveLength(1)
      }),
    )
  })
})

describe('graphMermaid()', () => {
  test('has a node for each task and an arrow for each direct wait', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const text = graphMermaid(flow)
        const arrows = [...waitsFor(flow).values()].flat()
        expect(text.match(/^ {2}t_[a-z0-9_]+\["/gm)).toHaveLength(flow.prompts.length)
        expect(text.match(/ (-->|==>) /g) ?? []).toHaveLength(arrows.length)
        expect(text.match(/ ==> /g) ?? []).toHaveLength((longestPath(flow)?.types.length ?? 1) - 1)
      }),
    )
  })
})

describe('graphSvg()', () => {
  test('is well formed, needs nothing and runs nothing', () => {
    fc.assert(
      fc.property(flows, (flow) => {
        const svg = graphSvg(flow)
        const open: string[] = []
        for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
          if (close) expect(open.pop()).toBe(name)
          else if (!self) open.push(name)
        }
        expect(open).toEqual([])
        expect(svg).not.toMatch(/<script|<foreignObject|<image|href=|url\(|@import|\son[a-z]+=/i)
        expect(svg.replace(/>[^<]*</g, '><')).not.toMatch(/NaN|undefined/)
        expect(svg.match(/<rect class="box/g)).toHaveLength(flow.prompts.length)
        expect(svg).toContain('prefers-color-scheme:dark')
      }),
      { numRuns: 50 },
    )
  })

  test('lets no name out of its text', () => {
    const flow = { ...flowOf([prompt('seed', { seed: true, model: '"><script>&' })]), name: '</svg><b>&"' }
    const svg = graphSvg(flow)
    expect(svg).not.toMatch(/<script|<b>|<\/svg>./)
    expect(svg).toContain('&quot;&gt;&lt;script&gt;&amp;')
  })
})

describe('route()', () => {
  test('passes beside whatever stands between', () => {
    const row = (y: number) =>
      fc
        .array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 5 })
        .map((gaps) => gaps.map((gap, at): Rectangle => ({ x: at * 190 + gap, y, width: 100, height: 80 })))
    fc.assert(
      fc.property(row(0), row(120), row(240), row(360), (...rows) => {
        const [first = [], second = [], third = [], last = []] = rows
        const ends = first.flatMap((from) => last.map((to) => ({ from, to })))
        for (const { from, to } of ends) {
          const line = route({ from, to }, rows)
          const upright = [...line.matchAll(/ (\S+) \S+V/g)].map(([, x]) => Number(x))
          expect(upright).toHaveLength(2)
          const hit = (row: readonly Rectangle[], x = 0) =>
            row.filter((box) => x > box.x && x < box.x + box.width)
          expect([...hit(second, upright[0]), ...hit(third, upright[1])]).toEqual([])
        }
      }),
    )
  })
})

test('wrap() keeps every character and no line longer than it may be', () => {
  const text = fc
    .array(fc.stringMatching(/^[a-z,/-]{1,30}$/), { minLength: 1 })
    .map((words) => words.join(' '))
  fc.assert(
    fc.property(text, fc.integer({ min: 5, max: 40 }), (value, width) => {
      const lines = wrap(value, width)
      expect(lines.every((line) => line.length <= width && line !== '')).toBe(true)
      expect(lines.join('').replaceAll(' ', '')).toBe(value.replaceAll(' ', ''))
    }),
  )
})
