import { describe, expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import { decode } from '../../build/text.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { hiddenCharacters, visible } from '../../schemas/hidden-text.ts'
import { fc } from '../properties.ts'
import { SOUND, treeOf } from './trees.ts'

function decoded(bytes: Uint8Array | string): { text: string | undefined; found: Diagnostic[] } {
  const found: Diagnostic[] = []
  const file = { path: 'a.md', bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes }
  return { text: decode(file, (diagnostic) => found.push(diagnostic))?.text, found }
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('decode()', () => {
  test('refuses every hidden code point, at its line and column', () => {
    const hidden = [
      ...range(0, 8),
      ...range(0xb, 0x1f),
      ...range(0x7f, 0x9f),
      ...range(0x200b, 0x200f),
      ...range(0x2028, 0x202e),
      ...range(0x2060, 0x206f),
      ...range(0xfe00, 0xfe0f),
      ...range(0xe0000, 0xe0fff),
      ...[0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x180e, 0x3164, 0xfeff, 0xffa0, 0xfff9, 0xfffe],
    ]
    expect(hidden.length).toBeGreaterThan(4200)
    for (const point of hidden) {
      const { text, found } = decoded(`ab\nc${String.fromCodePoint(point)}d`)
      expect(text, point.toString(16)).toBeUndefined()
      expect(found).toMatchObject([{ line: 2, column: 2, code: 'parse/hidden-character' }])
      expect(found[0]?.message).toContain(`U+${point.toString(16).toUpperCase().padStart(4, '0')}`)
    }
  })

  test.each(['👩‍💻', '👩🏽‍🚀', '❤️', '1️⃣', '🏳️‍🌈', '☺︎', 'grüß', 'こんにちは', 'a\tb', '\u00a0'])(
    'lets %j through',
    (text) => {
      expect(decoded(text)).toEqual({ text, found: [] })
    },
  )

  test.each(['a\u200db', '\ufe0f', 'a\ufe0f', '👩\u200da', '\u200d💻'])('knows %j is no emoji', (text) => {
    expect(decoded(text).text).toBeUndefined()
  })

  test('gives no half of an invalid text, and names the first bad byte', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(0xff, 0xc0, 0x80), (before, bad) => {
        const head = new TextEncoder().encode(before.replace(/[^ -~\n]/g, ''))
        const { text, found } = decoded(Uint8Array.from([...head, bad, 0x41]))
        expect(text).toBeUndefined()
        expect(found).toMatchObject([{ code: 'parse/utf8' }])
        expect(found[0]?.message).toContain(`offset ${head.length}:`)
      }),
    )
  })

  test('cuts a long list of hidden characters short, and says how long it is', () => {
    const { found } = decoded('\u200b'.repeat(1000))
    expect(found).toHaveLength(20)
    expect(found.at(-1)?.message).toContain('and 980 more')
  })

  test('byte order mark and CRLF change nothing that is served', () => {
    const windows = Object.fromEntries(
      Object.entries(SOUND).map(([path, text]) => [path, `\uFEFF${String(text).replaceAll('\n', '\r\n')}`]),
    )
    expect(build(treeOf(windows))).toEqual(build(treeOf(SOUND)))
  })
})

test('visible() leaves nothing hidden, whatever it is given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(hiddenCharacters(visible(text))).toEqual([])
    }),
  )
})
