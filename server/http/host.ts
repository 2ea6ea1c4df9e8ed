import type { IncomingMessage } from 'node:http'

const NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** What a request says about the host it believes to talk to. */
export type HostVerdict =
  | { readonly ok: true; readonly origin: string }
  | { readonly ok: false; readonly status: 400 | 421; readonly message: string }

/**
 * Refuses every request that was not meant for this machine's loopback, which is what keeps a web page from
 * reaching the server through a name of its own (DNS rebinding).
 */
export function judgeHost(request: IncomingMessage): HostVerdict {
  const hosts = hostsOf(request)
  const [host] = hosts
  if (host === undefined || hosts.length > 1) {
    return {
      ok: false,
      status: 400,
      message: `Cannot tell the host: expected one Host header, got ${hosts.length}`,
    }
  }
  const port = request.socket.localPort ?? 0
  const verdict = allowedHosts(port).get(host.toLowerCase())
  if (verdict === undefined) {
    return { ok: false, status: 421, message: `Cannot answer for this Host: expected localhost:${port}` }
  }
  if (!request.url?.startsWith('/')) {
    return { ok: false, status: 421, message: 'Cannot answer this request target: expected a path' }
  }
  return verdict
}

/** Every Host header: `request.headers` holds the first only. */
function hostsOf({ rawHeaders }: IncomingMessage): readonly string[] {
  const hosts: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === HOST.length && name.toLowerCase() === HOST) hosts.push(rawHeaders[at + 1] ?? '')
  }
  return hosts
}

const HOST = 'host'

type AllowedHosts = ReadonlyMap<string, HostVerdict & { ok: true }>

/** By port: this process listens on few. */
const allowed = new Map<number, AllowedHosts>()

function allowedHosts(port: number): AllowedHosts {
  const known = allowed.get(port)
  if (known !== undefined) return known
  const withPort = NAMES.map((name) => `${name}:${port}`)
  const hosts = port === 80 ? [...withPort, ...NAMES] : withPort
  const verdicts: AllowedHosts = new Map(hosts.map((host) => [host, { ok: true, origin: `http://${host}` }]))
  allowed.set(port, verdicts)
  return verdicts
}
