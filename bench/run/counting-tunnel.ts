import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

export interface Traffic {
  readonly requests: number
  /** Heads included, both ways. */
  readonly bytes: number
}

export interface CountingTunnel {
  /** For whoever is to go through it. */
  readonly env: Readonly<Record<string, string>>
  readonly traffic: () => Traffic
  readonly close: () => void
}

/** An HTTP proxy that passes connections on as they are, so that nobody at either end sees another host, and counts. */
export async function countingTunnel(): Promise<CountingTunnel> {
  let requests = 0
  let bytes = 0
  const proxy = createServer((_, response) => void response.writeHead(405).end())
  proxy.on('connect', ({ url = '' }, client) => {
    const { hostname, port } = new URL(`http://${url}`)
    const server = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(server).pipe(client)
    })
    // A run asks by GET alone, so each request ends with its head.
    let last = ''
    client.on('data', (chunk) => {
      const text = last + chunk.toString('latin1')
      const heads = text.split('\r\n\r\n')
      requests += heads.length - 1
      last = heads.at(-1) ?? ''
      bytes += chunk.length
    })
    server.on('data', (chunk) => {
      bytes += chunk.length
    })
    for (const socket of [client, server]) socket.on('error', () => server.destroy())
    client.on('close', () => server.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await new Promise((resolve) => proxy.once('listening', resolve))
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return {
    env: { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' },
    traffic: () => ({ requests, bytes }),
    close: () => {
      proxy.close()
      proxy.closeAllConnections()
    },
  }
}
