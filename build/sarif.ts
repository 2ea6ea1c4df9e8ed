import type { Diagnostic } from '../schemas/diagnostic.ts'
import { visible } from '../schemas/hidden-text.ts'
import { CATALOGUE } from './lint/catalogue.ts'

/** Findings as a SARIF 2.1.0 log, which code hosts show beside the lines that they are about. */
export function sarifLog(diagnostics: readonly Diagnostic[]): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort()
  const run = {
    tool: { driver: { name: 'mill', rules: codes.map(rule) } },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map((diagnostic) => result(diagnostic, codes.indexOf(diagnostic.code))),
  }
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] })}\n`
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

function rule(code: Diagnostic['code']) {
  const entry = CATALOGUE.find((one) => one.code === code)
  if (entry === undefined) return { id: code }
  return {
    id: code,
    shortDescription: { text: entry.summary },
    defaultConfiguration: { level: entry.severity },
  }
}

function result(diagnostic: Diagnostic, ruleIndex: number) {
  const { path, line, column, severity, code, message, fix } = diagnostic
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: visible(fix === undefined ? message : `${message}\n${fix.description}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
  }
}
