import { describe, expect, test } from 'vitest'
import { taskTable } from '../../../client/report/task-table.ts'
import { displayWidth } from '../../../client/tui/text.ts'

const ROWS = [
  ['task', 'type', 'state', 'model', 'attempts', 'time', 'turns', 'tokens', 'cost'],
  ['', 'planning', '', 'claude-haiku-4-5-20251001', '', '9.0s', '5', '12345', '$0.0123'],
  [
    't1',
    'error-tracking-支払',
    'not-needed',
    'claude-haiku-4-5-20251001',
    '1',
    '2m05s',
    '12',
    '123456',
    '$0.1234',
  ],
  ['t2', 'capture|all', 'failed', 'openai/gpt-5.6-terra', '2', '1h02m', '120', '12345678', '$12.3456'],
  ['', 'total', '', '', '', '1h06m', '137', '12481479', 'unknown'],
]

describe('taskTable()', () => {
  test('keeps everything where there is room', () => {
    const [head = '', , , first = ''] = taskTable(ROWS, 160).split('\n')
    expect(head.split('|').map((cell) => cell.trim())).toEqual(['', ...(ROWS[0] ?? []), ''])
    expect(first).toContain('claude-haiku-4-5-20251001')
    expect(taskTable(ROWS, Infinity)).toBe(taskTable(ROWS, 160))
  })

  test.each([60, 80, 100, 160])(
    'is no wider than %i columns, and keeps what each task came to and cost',
    (columns) => {
      const lines = taskTable(ROWS, columns).split('\n')
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      expect(new Set(lines.map((line) => displayWidth(line))).size).toBe(1)
      for (const word of ['task', 'type', 'state', 'time', 'cost']) expect(lines[0]).toContain(` ${word} `)
      expect(lines[3]).toMatch(/\| not-needed .*\| \$0\.1234 +\|$/)
    },
  )

  test('shortens models before it leaves a column out, and cuts types last', () => {
    expect(taskTable(ROWS, 110)).toMatch(/ haiku-4-5 .* 12 /)
    expect(taskTable(ROWS, 60)).toContain('error-tracking')
    expect(taskTable(ROWS, 55)).toContain('…')
  })
})
