import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { digestOf } from '../../schemas/digest.ts'
import { waiversSchema } from '../../schemas/waivers.ts'
import { quote, type Report, warningAt } from '../finding.ts'
import type { Library } from '../library.ts'
import { checkSchema } from '../schema-issues.ts'

const FILE = 'waivers.yaml'

/** Findings that somebody answers for. */
export interface Waivers {
  readonly waives: (code: Diagnostic['code'], path: string, evidence: string) => boolean
  /** Tells the waivers that nothing has asked for: what they were for is gone. */
  readonly tellUnused: (report: Report) => void
}

/** Reads `waivers.yaml`; without one nothing is waived. */
export function openWaivers(library: Library, report: Report): Waivers {
  const yaml = library.yaml(FILE)
  const waivers = (yaml && checkSchema(waiversSchema, yaml, report)) ?? []
  const byKey = new Map(waivers.map((waiver) => [keyOf(waiver.rule, waiver.path, waiver.digest), waiver]))
  const used = new Set<string>()
  return {
    waives: (code, path, evidence) => {
      const key = keyOf(code, path, digestOf(evidence))
      if (byKey.has(key)) used.add(key)
      return byKey.has(key)
    },
    tellUnused: (tell) => {
      for (const [at, { rule, path, digest }] of waivers.entries()) {
        if (used.has(keyOf(rule, path, digest)) || yaml === undefined) continue
        const message = `Cannot find what is waived: ${quote(path)} holds no ${quote(rule)} with that digest, expected the digest that the finding tells, or no waiver`
        tell(warningAt({ path: FILE, ...yaml.valueAt([at]) }, { code: 'waivers/stale', message }))
      }
    },
  }
}

function keyOf(code: string, path: string, digest: string): string {
  return `${code} ${digest} ${path}`
}
