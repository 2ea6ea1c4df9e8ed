import type { ModelAccess } from '../../config.ts'
import { answers } from '../../harness/ai/ai.ts'
import type { Finding } from '../finding.ts'

/** Whether something answers where the environment says that models are; nothing is found where it does not. */
export async function checkEndpoints({ anthropic, openai }: ModelAccess): Promise<Finding[]> {
  const named = { ANTHROPIC_BASE_URL: anthropic.baseUrl, OPENAI_BASE_URL: openai.baseUrl }
  const found = Object.entries(named).map(async ([subject, url]): Promise<Finding[]> => {
    if (url === undefined) return []
    if (await answers(url)) return [{ subject, status: 'ok', found: `${url} answers` }]
    return [
      { subject, status: 'note', found: `nothing answers at ${url}`, fix: `Correct or unset ${subject}` },
    ]
  })
  return (await Promise.all(found)).flat()
}
