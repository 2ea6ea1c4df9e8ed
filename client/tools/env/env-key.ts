import { z } from 'zod'

/** Names that steer programs instead of configuring an app: whoever sets one runs code or reroutes traffic. */
const STEERING =
  /^(PATH|HOME|SHELL|IFS|ENV|BASH_.*|PROMPT_COMMAND|PYTHON.*|RUBY.*|PERL.*|JAVA_TOOL_OPTIONS|NODE_(?!ENV$).*|NPM_.*|YARN_.*|PNPM_.*|BUN_.*|COREPACK_.*|LD_.*|DYLD_.*|GIT_.*|SSH_.*|SSL_.*|OPENSSL_.*|.*_PROXY)$/i
/** Names whose values are not for agents to invent. */
const SECRET =
  /(^|_)(SECRET|TOKEN|PASS|PASSWORD|PASSWD|PWD|PRIVATE|CREDENTIALS?|AUTH|KEY|APIKEY|DSN)(_|$)|^DATABASE_URL$/i

/** A name of an environment value that an app may be given. */
export const envKey = z
  .string()
  .max(100)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected a name such as "NEXT_PUBLIC_POSTHOG_KEY"')
  .refine((key) => !STEERING.test(key), 'expected a name that configures the app, not a program that runs it')

/** True for names such as `API_KEY`, whose values come from a person or not at all. */
export function isSecretName(key: string): boolean {
  return SECRET.test(key)
}

/** What stands where a person has still to put a value. */
export function placeholderFor(key: string): string {
  return `your-${key.toLowerCase().replaceAll('_', '-')}`
}

/** True for values such as `your-api-key`, `<key>` and `changeme`. */
export function isPlaceholder(value: string): boolean {
  return /^(<.*>|your[-_ ].*|change-?me|replace-?me|todo|x{3,})$/is.test(value)
}
