import { CommandError, EXIT } from '../../schemas/cli.ts'

/** What the environment says of the flag, and where it may be asked for. */
export interface FlagConfig {
  /** Undefined where the environment says nothing. */
  readonly orchestrator: boolean | undefined
  /** Undefined where PostHog is not to be asked. */
  readonly posthog: PosthogAccess | undefined
}

export interface PosthogAccess {
  readonly host: string
  /** Of the project; not a secret. */
  readonly key: string
  /** With it, flags are worked out here instead of there. */
  readonly personalKey?: string
}

const FLAG = 'MILL_FLAG_WIZARD_ORCHESTRATOR'
const HOST = 'MILL_FLAG_POSTHOG_HOST'
const DEFAULT_HOST = 'https://us.i.posthog.com'
const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  on: true,
  false: false,
  '0': false,
  off: false,
}

/**
 * Reads `MILL_FLAG_WIZARD_ORCHESTRATOR`, and `MILL_FLAG_POSTHOG_KEY`, `_HOST` and `_PERSONAL_KEY`.
 * @throws CommandError `run/flag-unreadable` naming the variable
 */
export function readFlagConfig(env: Readonly<Record<string, string | undefined>>): FlagConfig {
  return { orchestrator: readFlag(env[FLAG]), posthog: readPosthog(env) }
}

function readFlag(word = ''): boolean | undefined {
  if (word === '') return undefined
  if (Object.hasOwn(WORDS, word)) return WORDS[word]
  throw unreadable(FLAG, word, '"true" or "false"')
}

function readPosthog(env: Readonly<Record<string, string | undefined>>): PosthogAccess | undefined {
  const key = env.MILL_FLAG_POSTHOG_KEY ?? ''
  if (key === '') return undefined
  const host = env[HOST] || DEFAULT_HOST
  if (!/^https?:$/.test(URL.parse(host)?.protocol ?? '')) throw unreadable(HOST, host, 'an http address')
  const personalKey = env.MILL_FLAG_POSTHOG_PERSONAL_KEY ?? ''
  return { host, key, ...(personalKey === '' ? {} : { personalKey }) }
}

function unreadable(name: string, value: string, wanted: string): CommandError {
  return new CommandError('run/flag-unreadable', `Cannot read ${name}="${value}": expected ${wanted}`, {
    exit: EXIT.usage,
  })
}
