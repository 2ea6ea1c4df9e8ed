import type { HarnessOptions } from '../../harness/harness-options.ts'
import { HARNESS_NAMES, harnessNamed } from '../../harness/harnesses.ts'
import type { Finding } from '../finding.ts'

/** Which harnesses can run agents here, and what the others want; a problem only where none can. */
export async function checkHarnesses(options: HarnessOptions): Promise<Finding[]> {
  const found = await Promise.all(
    HARNESS_NAMES.map(async (name): Promise<Finding> => {
      const subject = `harness ${name}`
      const harness = await harnessNamed(name, options)
      const answer = await harness.check()
      if (!answer.ok) return { subject, status: 'note', found: answer.why, fix: answer.fix }
      return { subject, status: 'ok', found: `version ${answer.version}, ${harness.disclosure}` }
    }),
  )
  if (found.some(({ status }) => status === 'ok')) return found
  return found.map((finding) => ({ ...finding, status: 'problem' }))
}
