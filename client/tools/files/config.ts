import { isAbsolute, sep } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

const KEPT = /^(HOME|TMPDIR|LANG|LC_ALL|TZ)$/
/** How the network is reached: proxies, and the authorities whose certificates are taken. */
const KEPT_FOR_NETWORK = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|(https?|no|all)_proxy)$/i
/** Where packages come from; never a token, never a script. */
const KEPT_FOR_NPM =
  /^npm_config_(registry|cache|userconfig|proxy|https[_-]proxy|noproxy|cafile|store[_-]dir)$/i
const KEPT_NAMES = [KEPT, KEPT_FOR_NETWORK, KEPT_FOR_NPM]

/** The environment of a command an agent runs: built from nothing, so that no key of ours is in it. */
export function commandEnvironment(cwd: string, env: Environment = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && KEPT_NAMES.some((names) => names.test(entry[0])),
  )
  return {
    ...Object.fromEntries(kept),
    PATH: searchPath(cwd, env.PATH ?? '/usr/local/bin:/usr/bin:/bin'),
    CI: '1',
    NEXT_TELEMETRY_DISABLED: '1',
    npm_config_yes: 'false',
    npm_config_update_notifier: 'false',
  }
}

/** A program is never looked up in the project itself. */
function searchPath(cwd: string, path: string): string {
  return path
    .split(':')
    .filter((folder) => isAbsolute(folder) && folder !== cwd && !folder.startsWith(cwd + sep))
    .join(':')
}
