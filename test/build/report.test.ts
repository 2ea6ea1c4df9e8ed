import { describe, expect, test } from 'vitest'
import { formatDiagnostics } from '../../build/report.ts'
import { type Diagnostic, diagnosticsReportSchema } from '../../schemas/diagnostic.ts'

const text = ['---', 'type: task', 'flow:\tdémo', 'label: x', '---', 'Do it.', ''].join('\r\n')
const sources = [{ path: 'agents/f/a.md', bytes: new TextEncoder().encode(text) }]
const problem: Diagnostic = {
  path: 'agents/f/a.md',
  line: 3,
  column: 7,
  severity: 'error',
  code: 'validate/flow',
  message: 'Cannot use "démo" as "flow": expected the folder name "f"',
  fix: { description: 'Write "f"', replacement: 'f' },
}
const base = { root: 'some/content', sources }

describe('formatDiagnostics()', () => {
  test('pretty shows place, code, message, frame, caret, fix and a summary', () => {
    const warning: Diagnostic = {
      ...problem,
      line: 1,
      column: 1,
      severity: 'warning',
      code: 'a/b',
      message: 'Mind this',
    }
    expect(
      formatDiagnostics([problem, warning], { ...base, format: 'pretty' }),
    ).toBe(`some/content/agents/f/a.md:3:7  error  validate/flow  Cannot use "démo" as "flow": expected the folder name "f"
  1 | ---
  2 | type: task
> 3 | flow:\tdémo
    |      \t^
  4 | label: x
  5 | ---
  fix  Write "f"

some/content/agents/f/a.md:1:1  warning  a/b  Mind this
> 1 | ---
    | ^
  2 | type: task
  3 | flow:\tdémo
  fix  Write "f"

1 error, 1 warning
`)
  })

  test('pretty says so when there is nothing to say, and does without a source', () => {
    expect(formatDiagnostics([], { ...base, format: 'pretty' })).toBe('no problems found\n')
    const lost = { ...problem, path: 'gone.md' }
    expect(formatDiagnostics([lost], { ...base, format: 'pretty' })).toContain(
      'some/content/gone.md:3:7  error',
    )
    expect(formatDiagnostics([{ ...problem, path: '' }], { ...base, format: 'pretty' })).toContain(
      'some/content:3:7',
    )
  })

  test('pretty is coloured on demand only, and a file cannot write to the terminal', () => {
    const hostile = {
      path: 'a\u001b[2J.md',
      bytes: new TextEncoder().encode('x\u001b]0;owned\u0007\u202e\n'),
    }
    const said = formatDiagnostics(
      [{ ...problem, path: hostile.path, line: 1, column: 1, message: 'bad \u001b[31m' }],
      { ...base, sources: [hostile], format: 'pretty' },
    )
    for (const hidden of ['\u001b', '\u0007', '\u202e']) expect(said).not.toContain(hidden)
    expect(said).toContain('<U+001B>')
    expect(formatDiagnostics([problem], { ...base, format: 'pretty', colours: true })).toContain('\u001b[')
  })

  test('pretty shows the part of a long line that holds the column', () => {
    const long = { path: 'l.md', bytes: new TextEncoder().encode(`${'a'.repeat(5000)}X${'b'.repeat(5000)}`) }
    const said = formatDiagnostics([{ ...problem, path: 'l.md', line: 1, column: 5001 }], {
      ...base,
      sources: [long],
      format: 'pretty',
    })
    const [, line = '', caret = ''] = said.split('\n')
    expect(line.length).toBeLessThan(200)
    expect(line[caret.indexOf('^')]).toBe('X')
  })

  test('json is exactly the report and nothing else', () => {
    const said = JSON.parse(formatDiagnostics([problem], { ...base, format: 'json' }))
    expect(diagnosticsReportSchema.parse(said)).toEqual({
      diagnostics: [{ ...problem, path: 'some/content/agents/f/a.md' }],
    })
    expect(formatDiagnostics([], { ...base, format: 'json' })).toBe('{"diagnostics":[]}\n')
  })

  test('github escapes what would end a property, a message or a command', () => {
    const said = formatDiagnostics([{ ...problem, path: 'a,b:c%.md', message: 'one\ntwo % ::error::' }], {
      ...base,
      root: '.',
      format: 'github',
    })
    expect(said).toBe(
      '::error file=a%2Cb%3Ac%25.md,line=3,col=7,title=validate/flow::one%0Atwo %25 ::error::%0AWrite "f"\n',
    )
  })
})
