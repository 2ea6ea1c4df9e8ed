import { request as httpRequest } from 'node:http'
import type { Admission } from '../../../client/mcp/endpoint.ts'

/** A call of one tool, as it goes over the wire. */
export const callOf = (tool: string) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {} } })

export interface Raw {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

/** A request as nobody's library would send it. */
export function raw({ url, bearer }: Admission, { method = 'POST', path, headers = {}, body }: Raw = {}) {
  const target = new URL(url)
  return new Promise<{ status: number; text: string; challenge: string | undefined }>((resolve, reject) => {
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port: target.port,
        path: path ?? target.pathname,
        method,
        headers: {
          host: target.host,
          authorization: `Bearer ${bearer}`,
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
          ...headers,
        },
      },
      async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        resolve({ status: response.statusCode ?? 0, text, challenge: response.headers['www-authenticate'] })
      },
    )
    sent.on('error', reject)
    sent.end(method === 'POST' ? (body ?? callOf('enqueue_task')) : undefined)
  })
}
