import { expect, test } from 'vitest'
import { applyMarkers } from '../../../build/example/markers.ts'
import { fc } from '../../properties.ts'

const STYLES: readonly (readonly [open: string, close: string])[] = [
  ['//', ''],
  ['#', ''],
  ['--', ''],
  [';', ''],
  ['%', ''],
  ['/*', ' */'],
  ['{/*', ' */}'],
  ['<!--', ' -->'],
  ['/**', ' */'],
  ['{{!--', ' --}}'],
  ['<%#', ' %>'],
  ['{#', ' #}'],
]

test.each(STYLES)('applyMarkers() knows all four markers in comments of the style %s%s', (open, close) => {
  const mark = (name: string) => `  ${open} @ignore${name}${close}`
  const lines = [
    'a',
    mark('BlockStart'),
    'b',
    mark('BlockEnd'),
    'c',
    mark('Line'),
    'd',
    `e ${mark('Line')}`,
    'f',
  ]
  expect(applyMarkers(lines.join('\n'))).toEqual({ text: 'a\nc\nf', problems: [] })
  expect(applyMarkers(`a\n${mark('File')}\nb`)).toEqual({ text: undefined, problems: [] })
})

test('applyMarkers() tells a marker alone on its line from one behind code', () => {
  expect(applyMarkers('// @ignoreLine because of tests\nx\ny').text).toBe('y')
  expect(applyMarkers('/* @ignoreLine */ x()\ny').text).toBe('y')
  expect(applyMarkers('x() /* @ignoreLine */\ny').text).toBe('y')
  expect(applyMarkers('{{-- @ignoreLine --}}\nx\ny').text).toBe('y')
  expect(applyMarkers('/* @ignoreBlockStart */ x() /* @ignoreBlockEnd */\ny').text).toBe('y')
})

test('applyMarkers() leaves alone what is not a marker', () => {
  for (const text of [
    'see @ignoreFile',
    'const a = "@ignoreLine"',
    '// @ignoreFiles',
    '// mind @ignoreFile',
    '@ignoreFile',
  ]) {
    expect(applyMarkers(`${text}\nx`)).toEqual({ text: `${text}\nx`, problems: [] })
  }
})

test('applyMarkers() leaves out the rest of a block that never ends, and says where it began', () => {
  const { text, problems } = applyMarkers('a\n# @ignoreBlockStart\nsecret\n# @ignoreBlockStart\nb')
  expect(text).toBe('a')
  expect(problems).toEqual([{ line: 2, message: expect.stringContaining('expected "@ignoreBlockEnd"') }])
})

test('applyMarkers() says where a block ends that never began', () => {
  const { text, problems } = applyMarkers('a\n# @ignoreBlockEnd\nb')
  expect(text).toBe('a\nb')
  expect(problems.map(({ line }) => line)).toEqual([2])
})

test('applyMarkers() keeps every line outside a block, in order, and none inside', () => {
  const block = fc.array(fc.constantFrom('x', 'y', '', '  z'), { maxLength: 4 })
  fc.assert(
    fc.property(fc.array(fc.tuple(block, block), { maxLength: 5 }), (parts) => {
      const lines = parts.flatMap(([out, inside]) => [
        ...out,
        '// @ignoreBlockStart',
        ...inside,
        '// @ignoreBlockEnd',
      ])
      expect(applyMarkers(lines.join('\n')).text).toBe(parts.flatMap(([out]) => out).join('\n'))
    }),
  )
})
