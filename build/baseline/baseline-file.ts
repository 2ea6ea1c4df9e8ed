import { type BaselineEntry, baselineSchema } from '../../schemas/baseline.ts'
import { comparePaths } from '../content-path.ts'
import { errorAt, type Place, quote, type Report } from '../finding.ts'
import type { SourceFile } from '../release.ts'
import { checkSchema } from '../schema-issues.ts'
import { decode } from '../text.ts'
import { readYaml } from '../yaml.ts'
import { canBeExcused, EXCUSABLE } from './blocking.ts'

/** Where the baseline stands, relative to the content root. */
export const BASELINE_PATH = 'content.baseline.json'

/** An entry, and where it is written. */
export interface WrittenEntry extends BaselineEntry {
  readonly place: Place
}

/** Reads `content.baseline.json`; no entries after telling why it cannot be read. */
export function readBaseline(file: SourceFile | undefined, report: Report): readonly WrittenEntry[] {
  const text = file && decode(file, report)
  const json = text && readYaml(text, { text: text.text, offset: 0 }, report)
  const baseline = json && checkSchema(baselineSchema, json, report)
  if (json === undefined || baseline === undefined) return []
  const entries = baseline.findings.map((entry, at) => {
    return { ...entry, place: { path: BASELINE_PATH, ...json.valueAt(['findings', at]) } }
  })
  return entries.filter(({ code, place }) => {
    if (canBeExcused(code)) return true
    const message = `Cannot excuse ${quote(code)}: no artifact can be made while it holds, expected one of ${EXCUSABLE.join(', ')}`
    report(errorAt(place, { code: 'baseline/code', message }))
    return false
  })
}

/** The one text of a baseline: sorted, one entry a line, so that branches merge. */
export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const sorted = [...entries].sort(
    (a, b) =>
      comparePaths(a.path, b.path) || comparePaths(a.code, b.code) || comparePaths(a.digest, b.digest),
  )
  const lines = sorted.map(({ code, path, digest, count }) => {
    return `    ${JSON.stringify({ code, path, digest, count })}`
  })
  const findings = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "version": 1,\n  "findings": ${findings}\n}\n`
}

/** What a baseline knows a finding by; `digest` is that of the line it blames. */
export function entryKey({ code, path }: Pick<BaselineEntry, 'code' | 'path'>, digest: string): string {
  return `${code} ${digest} ${path}`
}
