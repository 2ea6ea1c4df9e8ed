import { flatProblem } from '../../schemas/flat-prompt.ts'
import type { Prompt } from '../expanded.ts'
import { errorAt, quote, type Report } from '../finding.ts'

/** Tells every value that the served form cannot carry: clients read `key: value` lines, not YAML. */
export function checkWire({ path, yaml, frontmatter }: Prompt, report: Report): void {
  for (const [key, value] of Object.entries(frontmatter)) {
    if (typeof value !== 'string') continue
    const problem = flatProblem(value)
    if (problem === undefined) continue
    const message = `Cannot serve ${quote(value)} as "${key}": clients read it as one plain line, and ${problem}, expected other words`
    report(errorAt({ path, ...yaml.valueAt([key]) }, { code: 'link/wire-value', message }))
  }
}
