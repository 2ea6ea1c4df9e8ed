import { expect, test } from 'vitest'
import { CATALOGUE } from '../../build/lint/catalogue.ts'
import { FORMATS, formatDiagnostics } from '../../build/report.ts'
import { sarifLog } from '../../build/sarif.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { visible } from '../../schemas/hidden-text.ts'
import { fc } from '../properties.ts'

const diagnostics: fc.Arbitrary<Diagnostic> = fc.record(
  {
    path: fc
      .array(
        fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
          .filter((name) => !name.includes('/') && name.isWellFormed()),
        { minLength: 1 },
      )
      .map((parts) => parts.join('/')),
    line: fc.integer({ min: 1, max: 1e6 }),
    column: fc.integer({ min: 1, max: 1e6 }),
    severity: fc.constantFrom('error', 'warning'),
    code: fc.constantFrom(...CATALOGUE.map(({ code }) => code), 'other/code' as const),
    message: fc.string({ minLength: 1 }),
    fix: fc.record({ description: fc.string({ minLength: 1 }) }),
  },
  { requiredKeys: ['path', 'line', 'column', 'severity', 'code', 'message'] },
)

test('sarifLog() holds what SARIF 2.1.0 requires, for every finding', () => {
  fc.assert(
    fc.property(fc.array(diagnostics), (found) => {
      const log = JSON.parse(sarifLog(found))
      expect(log.version).toBe('2.1.0')
      expect(log.$schema).toMatch(/sarif-2\.1\.0\.json$/)
      expect(log.runs).toHaveLength(1)
      const [{ tool, results, columnKind }] = log.runs
      expect(tool.driver.name).toBe('mill')
      expect(columnKind).toBe('utf16CodeUnits')
      const ids = tool.driver.rules.map((rule: { id: string }) => rule.id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(results).toHaveLength(found.length)
      for (const [at, one] of found.entries()) {
        const { ruleId, ruleIndex, level, message, locations } = results[at]
        expect([ruleId, ids[ruleIndex], level]).toEqual([one.code, one.code, one.severity])
        expect(message.text).toContain(visible(one.message))
        const [{ physicalLocation }] = locations
        expect(physicalLocation.region).toEqual({ startLine: one.line, startColumn: one.column })
        expect(physicalLocation.artifactLocation.uri).toMatch(/^[A-Za-z0-9%\-_.!~*'()/]+$/)
        expect(physicalLocation.artifactLocation.uri.split('/').map(decodeURIComponent).join('/')).toBe(
          one.path,
        )
      }
    }),
  )
})

test('sarifLog() says of every code what it means, and how grave it is', () => {
  const found = CATALOGUE.map(({ code, severity }) => ({
    path: 'a',
    line: 1,
    column: 1,
    severity,
    code,
    message: 'm',
  }))
  for (const rule of JSON.parse(sarifLog(found)).runs[0].tool.driver.rules) {
    expect(rule.shortDescription.text).not.toBe('')
    expect(['error', 'warning']).toContain(rule.defaultConfiguration.level)
  }
})

test('formatDiagnostics() prints sarif with the content folder in front of every path', () => {
  const found: Diagnostic[] = [
    { path: 'a b.md', line: 1, column: 2, severity: 'error', code: 'parse/utf8', message: 'm' },
  ]
  const log = JSON.parse(formatDiagnostics(found, { format: 'sarif', root: 'content', sources: [] }))
  expect(log.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe('content/a%20b.md')
  expect(FORMATS).toEqual(['pretty', 'json', 'sarif', 'github'])
})
