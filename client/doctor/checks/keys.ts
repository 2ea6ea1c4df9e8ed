import type { ModelAccess } from '../../config.ts'
import type { Finding } from '../finding.ts'

/** Which keys are there. None is ever shown, whole or in part. */
export function checkKeys({ anthropic, openai, isScripted }: ModelAccess): Finding {
  const names = [
    ...(anthropic.apiKey === undefined ? [] : ['ANTHROPIC_API_KEY']),
    ...(anthropic.authToken === undefined ? [] : ['ANTHROPIC_AUTH_TOKEN']),
    ...(openai.apiKey === undefined ? [] : ['OPENAI_API_KEY']),
    ...(openai.endpointKey === undefined ? [] : ['MILL_OPENAI_API_KEY']),
  ]
  const scripted = isScripted ? '; MILL_SCRIPTED_MODEL says that a script answers for models' : ''
  const found = `${names.length === 0 ? 'none set' : names.join(', ')}${scripted}`
  return { subject: 'keys', status: names.length === 0 || isScripted ? 'note' : 'ok', found }
}
