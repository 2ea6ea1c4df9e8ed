import { expect, test } from 'vitest'
import {
  type ChannelRecord,
  EMPTY_RECORD,
  type Move,
  moved,
  newest,
  pointed,
  releasesOf,
  trimmed,
} from '../../../build/publish/record.ts'
import { parseRecord, pointerText, recordText, settle } from '../../../build/publish/record-text.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { fc } from '../../properties.ts'

const CAUSES = ['build', 'held', 'pin', 'unpin', 'rescue'] as const
const moves: fc.Arbitrary<Move[]> = fc.array(
  fc.record({
    channel: fc.constant('dev'),
    release: fc.integer({ min: 0, max: 6 }).map((at) => digestOf(String(at))),
    commit: fc.constantFrom(null, 'a'.repeat(40), 'b'.repeat(40)),
    publishedAt: fc.constant('2026-01-01T00:00:00.000Z'),
    cause: fc.constantFrom(...CAUSES),
    origin: fc.dictionary(fc.stringMatching(/^[a-z-]{1,8}$/), fc.option(fc.string())),
  }),
  { maxLength: 30 },
)
const after = (all: readonly Move[]) => all.reduce<ChannelRecord>(moved, EMPTY_RECORD)

test('moved() gives a serial to one release only, and none that is lower than what is pointed at', () => {
  fc.assert(
    fc.property(moves, (all) => {
      const releases = new Map<number, string>()
      all.reduce<ChannelRecord>((record, move) => {
        const next = moved(record, move)
        const entry = next.entries.at(-1)
        expect(releases.get(entry?.serial ?? 0) ?? move.release).toBe(move.release)
        releases.set(entry?.serial ?? 0, move.release)
        if (move.cause !== 'held') expect(entry?.serial).toBeGreaterThanOrEqual(pointed(record)?.serial ?? 1)
        expect(next.serial).toBe(Math.max(record.serial, entry?.serial ?? 0))
        return next
      }, EMPTY_RECORD)
    }),
  )
})

test('parseRecord() reads what recordText() wrote, and loses one line for one that is damaged', () => {
  fc.assert(
    fc.property(moves, fc.nat(), (all, at) => {
      const record = after(all)
      const text = recordText(record)
      expect(parseRecord(text)).toEqual({ record, damaged: 0 })
      const lines = text.split('\n')
      const hurt = at % (lines.length - 1)
      lines[hurt] = (lines[hurt] ?? '').replace(/.$/, '~')
      const { record: read, damaged } = parseRecord(lines.join('\n'))
      expect(damaged).toBe(1)
      expect(read.serial).toBe(
        hurt === 0 ? Math.max(0, ...record.entries.map(({ serial }) => serial)) : record.serial,
      )
      expect(read.entries).toEqual(record.entries.filter((_, line) => line !== hurt - 1))
    }),
  )
})

test('trimmed() keeps the last releases, what is pointed at, the newest build and the serial', () => {
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 5 }), (all, keep) => {
      const record = after(all)
      const kept = trimmed(record, keep)
      expect(pointed(kept)).toEqual(pointed(record))
      expect(newest(kept)).toEqual(newest(record))
      expect(kept.serial).toBe(record.serial)
      expect(releasesOf(kept)).toEqual(expect.arrayContaining([...releasesOf(record).slice(-keep)]))
      expect(releasesOf(kept).length).toBeLessThanOrEqual(keep + 2)
      expect(trimmed(kept, keep)).toEqual(kept)
    }),
  )
})

test('settle() believes a pointer that its record tells of, and else the record', () => {
  const record = after([1, 2, 3].map((at) => ({ ...move(String(at)), cause: 'build' as const })))
  const text = (serial: number, word: string) =>
    pointerText({ channel: 'dev', release: digestOf(word), serial, commit: null, publishedAt: PUBLISHED })
  const serialOf = (file: string | undefined, damaged = 0) => {
    const { pointer, damage } = settle(file, { record, damaged })
    return [pointer?.serial, damage === undefined]
  }
  expect(serialOf(text(2, '2'))).toEqual([2, true])
  expect(serialOf(text(2, '3'))).toEqual([3, false])
  expect(serialOf(text(9, '3'))).toEqual([3, false])
  expect(serialOf(undefined)).toEqual([3, false])
  expect(serialOf('{')).toEqual([3, false])
  expect(serialOf(text(4, '4'), 1)).toEqual([4, true])
  expect(settle(text(4, '4'), { record, damaged: 1 }).record.serial).toBe(4)
  expect(settle(text(7, '4'), { record: EMPTY_RECORD, damaged: 0 }).record.serial).toBe(7)
  expect(settle(undefined, { record: EMPTY_RECORD, damaged: 0 })).toEqual({
    ...{ record: EMPTY_RECORD, pointer: undefined, damage: undefined },
  })
})

const PUBLISHED = '2026-01-01T00:00:00.000Z'

function move(word: string): Omit<Move, 'cause'> {
  return { channel: 'dev', release: digestOf(word), commit: null, publishedAt: PUBLISHED, origin: {} }
}

test('parseRecord() takes a channel for pinned to what it points at when it cannot know', () => {
  const record = after([{ ...move('one'), cause: 'build' }])
  const { record: read, damaged } = parseRecord(recordText(record).replace('null', 'nulL'))
  expect(damaged).toBe(1)
  expect(read.pin).toEqual({ release: digestOf('one'), from: null, pinnedAt: PUBLISHED })
})
