import { describe, expect, test } from 'vitest'
import type { Question } from '../../../../client/tools/ask/asker.ts'
import { type Asking, begin, isListening, type Key, press } from '../../../../client/tui/ask/asking.ts'
import { askingView } from '../../../../client/tui/ask/asking-view.ts'
import { panelAsker } from '../../../../client/tui/ask/panel-asker.ts'
import { displayWidth } from '../../../../client/tui/text.ts'
import { fc } from '../../../properties.ts'

const question: Question = {
  ...{ by: 't3', label: 'Set it up', question: 'What is it called?', options: [], timeoutMs: 60_000 },
}
const choice: Question = { ...question, options: ['red', 'green', 'blue'] }
const text = (typed: string): Key => ({ k: 'text', text: typed })
const key = (k: Exclude<Key['k'], 'text'>): Key => ({ k })
const enter = key('enter')

interface Asked {
  readonly asked: Question
  readonly keys: readonly Key[]
}

/** What the keys come to: an answer, undefined for a refusal, or null while the question is open. */
function outcome({ asked, keys }: Asked): string | undefined | null {
  let asking: Asking = begin(asked, 0)
  for (const each of keys) {
    const next = press(asking, each)
    if ('answer' in next) return next.answer
    asking = next
  }
  return null
}

describe('press()', () => {
  test.each<[string, Asked, string | undefined | null]>([
    ['takes what was typed', { asked: question, keys: [text('a'), text('b'), enter] }, 'ab'],
    ['takes a line that came at once', { asked: question, keys: [text('two words\r')] }, 'two words'],
    [
      'takes a paste of lines as one',
      { asked: question, keys: [text('one\r\ntwo\u0007'), enter] },
      'one two',
    ],
    [
      'erases whole characters, and all',
      { asked: question, keys: [text('a😀'), key('erase'), text('b'), enter] },
      'ab',
    ],
    ['clears', { asked: question, keys: [text('abc'), key('clear'), text('d'), enter] }, 'd'],
    [
      'declines by Esc, whatever was typed',
      { asked: question, keys: [text('yes'), key('escape')] },
      undefined,
    ],
    ['does nothing on Enter alone', { asked: question, keys: [enter, text('  '), enter] }, null],
    ['takes a suggestion by Enter', { asked: { ...question, suggestion: 's' }, keys: [enter] }, 's'],
    ['prefers what was typed', { asked: { ...question, suggestion: 's' }, keys: [text('t'), enter] }, 't'],
    ['chooses by number', { asked: choice, keys: [text('2'), enter] }, 'green'],
    ['chooses by number at once', { asked: choice, keys: [text('3'), text('\r')] }, 'blue'],
    [
      'chooses by arrows, not beyond the ends',
      { asked: choice, keys: [key('up'), key('up'), key('up'), key('up'), enter] },
      'red',
    ],
    [
      'begins at what is suggested',
      { asked: { ...choice, suggestion: 'green' }, keys: [key('down'), enter] },
      'blue',
    ],
    ['takes no other number', { asked: choice, keys: [text('4'), text('0'), text('x'), enter] }, null],
    ['declines a choice', { asked: choice, keys: [key('down'), key('escape')] }, undefined],
  ])('%s', (_, told, answer) => {
    expect(outcome(told)).toBe(answer)
  })

  test('hears no key that was on its way before the question could be read', () => {
    const asking = begin(question, 1000)
    expect([isListening(asking, 1499), isListening(asking, 1500)]).toEqual([false, true])
  })
})

describe('askingView()', () => {
  const view = (asking: Asking, more: object = {}) =>
    askingView(asking, { columns: 60, rows: 12, colour: false, now: 1000, ...more })

  test('shows who asks, how long it waits, what was typed, and the keys', () => {
    expect(view({ ...begin(question, 0), typed: 'Ma' })).toEqual([
      '── ? t3 Set it up asks ──────────────────────── 59 s left ──',
      'What is it called?',
      '> Ma▏',
      'Enter answers · Esc declines · the agent reads it',
    ])
    expect(view({ ...begin(choice, 0), chosen: 1 }).slice(2)).toEqual([
      '  1  red',
      '▸ 2  green',
      '  3  blue',
      '1 to 3 or ↑ ↓ choose · Enter answers · Esc declines · the',
      'agent reads it',
    ])
  })

  test('shows nothing of what becomes an environment value but its length, nor promises a key too early', () => {
    const asking = { ...begin({ ...question, keepAs: 'API_KEY' }, 0), typed: 'sécret' }
    const lines = view(asking)
    expect(lines.join('\n')).not.toContain('cret')
    expect(lines).toContain('> ••••••▏')
    expect(lines.slice(-2)).toEqual([
      'Enter answers · Esc declines · it becomes API_KEY, no agent',
      'sees it',
    ])
    expect(view(asking, { now: 100 }).at(-1)).toBe('…')
  })

  test('fits wherever it is shown, keeps the chosen option in sight, and cannot move the cursor', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
    const asked = fc.record({
      question: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 500 }),
      options: fc.oneof(fc.constant([]), fc.array(words, { minLength: 2, maxLength: 9 })),
      label: words,
      typed: words,
      chosen: fc.nat(8),
      columns: fc.integer({ min: 20, max: 120 }),
      rows: fc.integer({ min: 6, max: 40 }),
    })
    fc.assert(
      fc.property(asked, ({ typed, chosen, columns, rows, ...more }) => {
        const index = Math.min(chosen, more.options.length - 1)
        const asking = { ...begin({ ...question, ...more }, 0), typed, chosen: index < 0 ? null : index }
        const lines = view(asking, { columns, rows })
        expect(lines.length).toBeLessThanOrEqual(rows)
        for (const line of lines) {
          expect(displayWidth(line)).toBeLessThanOrEqual(columns)
          expect(line).not.toMatch(/\p{Cc}/u)
        }
        if (index >= 0) expect(lines.filter((line) => line.startsWith(`▸ ${index + 1}  `))).toHaveLength(1)
      }),
    )
  })
})

describe('panelAsker()', () => {
  const never = new AbortController().signal

  test('shows a question, and is told of its answer once it listens', async () => {
    let now = 0
    let drawn = 0
    const asker = panelAsker(() => now)
    asker.shownBy(() => drawn++)
    const answer = asker.ask(question, never)
    expect(asker.asking()?.question).toBe(question)
    asker.press(text('too early\r'))
    now = 600
    asker.press(text('Mill'))
    expect([asker.asking()?.typed, drawn]).toEqual(['Mill', 2])
    asker.press(enter)
    expect([await answer, asker.asking(), drawn]).toEqual(['Mill', null, 3])
    asker.press(enter)
  })

  test('gives up when it is told to, and leaves the next question alone', async () => {
    const asker = panelAsker(() => 0)
    const stop = new AbortController()
    const first = asker.ask(question, stop.signal)
    stop.abort()
    expect([await first, asker.asking()]).toEqual([undefined, null])
    void asker.ask(choice, never)
    stop.abort()
    expect(asker.asking()?.question).toBe(choice)
    expect(await panelAsker(() => 0).ask(question, AbortSignal.abort())).toBeUndefined()
  })
})
