import type { ModelAccess } from '../../config.ts'
import type { AgentOutcome } from '../harness.ts'

/**
 * An outcome as it may be told: without credentials, whatever a provider or a program has put into its message,
 * and with tokens of a script named as such, so that nobody puts a price on them.
 */
export function disclosed(outcome: AgentOutcome, { anthropic, isScripted }: ModelAccess): AgentOutcome {
  const { message, usage, ...more } = outcome
  const secrets = [anthropic.apiKey, anthropic.authToken].filter((secret) => secret !== undefined)
  return {
    ...more,
    ...(message === undefined
      ? {}
      : { message: secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message) }),
    usage: isScripted ? usage.map((request) => ({ ...request, model: 'scripted' })) : usage,
  }
}
