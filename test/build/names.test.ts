import { describe, expect, test } from 'vitest'
import { contentPathProblem } from '../../build/content-path.ts'
import { cycles } from '../../build/link/cycles.ts'
import { compareNaturally } from '../../build/natural-order.ts'
import { positions } from '../../build/position.ts'
import { closest } from '../../schemas/suggest.ts'
import { fc } from '../properties.ts'

test.each([
  'a/con',
  'a/CON.md',
  'lpt1',
  'a/b.',
  'a/b ',
  ' a',
  'a\\b',
  'a:b',
  'a*',
  'a//b',
  '../a',
  './a',
  'e\u0301',
  '\u200b',
  'a\nb',
  `${'x'.repeat(256)}`,
  '\uFFFD',
])('contentPathProblem() refuses %j', (path) => {
  expect(contentPathProblem(path)).toBeTypeOf('string')
})

test.each(['agents/f/a.md', 'skills/é/x y.md', 'console.md', 'a-b_c.d'])(
  'contentPathProblem() accepts %j',
  (path) => {
    expect(contentPathProblem(path)).toBeUndefined()
  },
)

describe('closest()', () => {
  test.each([
    ['Raed', 'Read'],
    ['bash', 'Bash'],
    ['dependOn', 'dependsOn'],
    ['qwertyuiop', undefined],
    ['x'.repeat(1000), undefined],
  ])('takes %j for %j', (word, meant) => {
    expect(closest(word, ['Read', 'Bash', 'dependsOn', 'Glob'])).toBe(meant)
  })

  test('knows a word from itself, and one edit from it', () => {
    const word = fc.stringMatching(/^[a-z]{3,12}$/)
    fc.assert(
      fc.property(word, fc.nat(11), (text, at) => {
        expect(closest(text, ['zzzzzzzzzzzzzzzzzzzz', text])).toBe(text)
        expect(closest(text.slice(0, at % text.length) + text.slice((at % text.length) + 1), [text])).toBe(
          text,
        )
      }),
    )
  })
})

test('compareNaturally() counts as a person does, and is an order', () => {
  expect(['10-a', '2-b', '1-c', 'x', '01-c', '2-a'].sort(compareNaturally)).toEqual([
    '01-c',
    '1-c',
    '2-a',
    '2-b',
    '10-a',
    'x',
  ])
  const name = fc.stringMatching(/^[a-z0-9-]{0,8}$/)
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      expect(Math.sign(compareNaturally(a, b))).toBe(-Math.sign(compareNaturally(b, a)) || 0)
      if (compareNaturally(a, b) <= 0 && compareNaturally(b, c) <= 0)
        expect(compareNaturally(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})

test('positions() agrees with counting', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'é', '👍', '\n')), fc.nat(), (parts, at) => {
      const text = parts.join('')
      const offset = at % (text.length + 1)
      const before = text.slice(0, offset).split('\n')
      expect(positions(text)(offset)).toEqual({
        line: before.length,
        column: (before.at(-1)?.length ?? 0) + 1,
      })
    }),
  )
})

describe('cycles()', () => {
  test('finds none in a graph that only points back', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 }), (rows) => {
        const graph = new Map(
          rows.map((row, at) => [`n${at}`, at === 0 ? [] : row.map((to) => `n${to % at}`)]),
        )
        expect(cycles(graph)).toEqual([])
      }),
    )
  })

  test('gives circles whose every step is an edge, and leaves no circle when they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 8 }), (rows) => {
        const graph = new Map(rows.map((row, at) => [`n${at}`, row.map((to) => `n${to % rows.length}`)]))
        const found = cycles(graph)
        for (const cycle of found) {
          expect(cycle[0]).toBe(cycle.at(-1))
          for (const [at, name] of cycle.slice(0, -1).entries())
            expect(graph.get(name)).toContain(cycle[at + 1])
        }
        const cut = new Set(found.flat())
        const rest = new Map([...graph].filter(([name]) => !cut.has(name)))
        if (found.length === 0) expect(cycles(rest)).toEqual([])
      }),
    )
  })
})
