import { describe, expect, test } from 'vitest'
import { variantTree } from '../../bench/build/variants.ts'
import { readComposedYaml } from '../../build/yaml-composed.ts'
import type { LocatedYaml } from '../../build/yaml-part.ts'
import { readPlainYaml } from '../../build/yaml-plain.ts'
import { fc } from '../properties.ts'
import { times } from '../times.ts'

/** What the library reads; a text in which it finds a mistake is none that may be read plainly. */
function composed(text: string): LocatedYaml | 'refused' {
  let refused = false
  const read = readComposedYaml(text, () => {
    refused = true
  })
  return refused ? 'refused' : read
}

const SCALARS = [
  'a',
  'a b',
  'a: b',
  'a:b',
  'a #b',
  'a#b',
  'https://x.y/z#q',
  'Work, [on] {it}',
  '../x.md',
  './x',
  '..',
  '.5',
]
const ODD = [
  '',
  'null',
  'NULL',
  'nUll',
  'true',
  'False',
  'yes',
  '~',
  '0',
  '7',
  '-7',
  '007',
  '1.5',
  '1e3',
  '0x1',
  '1_0',
  '2-step.md',
  '3 steps',
  '1-2',
  '1 2',
  '2-e5',
  '3 e5',
  '999999999',
]
const QUOTED = ['"a"', '""', '"a\\n"', '"a" b', '"a: #b"', "'a'", "''", "'it''s'", '"a', "'a"]
const FLOW = [
  '[]',
  '[a]',
  '[a, b]',
  '[a,b]',
  '[a, ]',
  '[ a ]',
  '[a, null]',
  '[a, 1]',
  '[a: b]',
  '{}',
  '{a: b}',
  '[a/b-c, true]',
]
const MARKED = [
  '&a b',
  '*a',
  '!t a',
  '|',
  '>',
  '- a',
  '? a',
  '@a',
  '`a`',
  '%a',
  '---',
  '...',
  'a\tb',
  'a ',
  'ä',
  'a\u00a0',
  '<<',
  '__proto__',
]
const value = fc.constantFrom(...SCALARS, ...ODD, ...QUOTED, ...FLOW, ...MARKED)
const plainValue = fc.constantFrom('a', 'a b', 'x/y', '7', 'true', '"a"', '[a, b]', 'null')
const key = fc.constantFrom(
  'a',
  'b',
  'c',
  'long_key-1',
  'null',
  'true',
  '<<',
  'constructor',
  '1',
  '"q"',
  'a b',
)
const plainKey = fc.constantFrom('a', 'b', 'c', 'd', 'long_key-1')
const indent = fc.constantFrom('', '', '  ', '  ', '    ', ' ', '   ', '\t')
const gap = fc.constantFrom(' ', ' ', ' ', '  ', '', '\t')
const end = fc.constantFrom('', '', '', '', ' ', ' # c', '\r')

/** Lines in which anything may be wrong. */
const line = fc.oneof(
  fc.tuple(indent, key, gap, value, end).map(([i, k, g, v, e]) => `${i}${k}:${g}${v}${e}`),
  fc.tuple(indent, gap, value, end).map(([i, g, v, e]) => `${i}-${g}${v}${e}`),
  fc.tuple(indent, gap, key, gap, value).map(([i, g, k, h, v]) => `${i}-${g}${k}:${h}${v}`),
  fc.tuple(indent, value).map(([i, v]) => `${i}${v}`),
  fc.constantFrom('', '  ', '# c', '  # c', '#'),
)

/** Lines of plain YAML, at indents that may or may not fit together. */
const plainLine = fc
  .tuple(
    fc.nat(3),
    fc.constantFrom('- ', '', ''),
    plainKey,
    fc.constantFrom('pair', 'pair', 'key', 'item'),
    plainValue,
  )
  .map(([depth, dash, k, kind, v]) => {
    const text = { pair: `${k}: ${v}`, key: `${k}:`, item: v }[kind]
    return `${'  '.repeat(depth)}${kind === 'item' ? '- ' : dash}${text}`
  })

type Json = string | readonly Json[] | { readonly [key: string]: Json }

/** A value as blocks of plain YAML; without an empty one, which only the library reads. */
function written(json: Json, at: string): string {
  if (typeof json === 'string') return ` ${json}\n`
  const lines = Array.isArray(json)
    ? json.map((item) => `${at}-${written(item, `${at}  `).trimStart().replace(/^/, ' ')}`)
    : Object.entries(json).map(
        ([k, item]) => `${at}${k}:${typeof item === 'string' ? '' : '\n'}${written(item, `${at}  `)}`,
      )
  return lines.join('')
}

const { map } = fc.letrec<{ map: Json; list: Json }>((tie) => ({
  map: fc.dictionary(
    plainKey,
    fc.oneof({ maxDepth: 5, depthIdentifier: 'levels' }, plainValue, tie('map'), tie('list')),
    {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    },
  ),
  list: fc.array(fc.oneof({ maxDepth: 5, depthIdentifier: 'levels' }, plainValue, tie('map')), {
    minLength: 1,
    maxLength: 3,
  }),
}))

describe('readPlainYaml()', () => {
  test('reads what the library reads, in the same places, or nothing', () => {
    let read = 0
    const text = fc
      .oneof(fc.array(line, { maxLength: 5 }), fc.array(plainLine, { maxLength: 6 }))
      .map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, (yaml) => {
        const plain = readPlainYaml(yaml)
        if (plain === undefined) return
        read++
        expect(plain).toEqual(composed(yaml))
      }),
      { numRuns: times(10_000, 300_000) },
    )
    expect(read).toBeGreaterThan(500)
  })

  test('reads blocks of plain values, however they are nested', () => {
    fc.assert(
      fc.property(map, (value) => {
        const yaml = written(value, '')
        expect(readPlainYaml(yaml)).toBeDefined()
        expect(readPlainYaml(yaml)).toEqual(composed(yaml))
      }),
      { numRuns: times(500, 20_000) },
    )
  })

  test('reads every group and prompt of a tree of the existing kind', () => {
    for (const [path, text] of variantTree()) {
      const yaml = path.endsWith('.yaml') ? text : /^---(\n.*?)\n---\n/s.exec(text)?.[1]
      if (yaml !== undefined) expect(readPlainYaml(yaml), path).toEqual(composed(yaml))
    }
  })

  test.each([
    [
      'nests deep',
      `${Array.from({ length: 9 }, (_, at) => `${' '.repeat(at)}a:\n`).join('')}${' '.repeat(9)}b: c\n`,
    ],
    ['is long', `a:\n${'  - b\n'.repeat(20_000)}`],
    ['goes on in the next line', 'a: b\n  c\n'],
    ['has a value below its key', 'a:\n  b\n'],
    ['has an empty value', 'a:\nb: c\n'],
    ['has a key twice', 'a: b\na: c\n'],
  ])('leaves to the library what %s', (_, text) => {
    expect(readPlainYaml(text)).toBeUndefined()
  })
})
