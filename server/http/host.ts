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
  const hosts = request.rawHeaders.filter(
    (_, index, raw) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === 'host',
  )
  const [host, ...others] = hosts
  if (host === undefined || others.length > 0) {
    return {
      ok: false,
      status: 400,
      message: `Cannot tell the host: expected one Host header, got ${hosts.length}`,
    }
  }
  const port = request.socket.localPort ?? 0
  const lower = host.toLowerCase()
  if (!allowedHosts(port).includes(lower)) {
    return { ok: false, status: 421, message: `Cannot answer for this Host: expected localhost:${port}` }
  }
  if (!request.url?.startsWith('/')) {
    return { ok: false, status: 421, message: 'Cannot answer this request target: expected a path' }
  }
  return { ok: true, origin: `http://${lower}` }
}

function allowedHosts(port: number): readonly string[] {
  const withPort = NAMES.map((name) => `${name}:${port}`)
  return port === 80 ? [...withPort, ...NAMES] : withPort
}
