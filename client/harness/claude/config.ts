type Environment = Readonly<Record<string, string | undefined>>

/** How the network is reached, and where programs are. */
const KEPT = /^(PATH|LANG|LC_ALL|TZ|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|(https?|no|all)_proxy)$/i

/** What an agent's process is told of the machine. Built from nothing: whoever adds to it names what. */
export function machineEnvironment(env: Environment = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && KEPT.test(entry[0]),
  )
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(kept) }
}

/** Folder in whose `node_modules` the SDK is, from `MILL_CLAUDE_SDK`; undefined means beside mill itself. */
export function sdkFolder(env: Environment = process.env): string | undefined {
  return env.MILL_CLAUDE_SDK === '' ? undefined : env.MILL_CLAUDE_SDK
}
