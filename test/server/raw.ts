import { connect } from 'node:net'

/** What a server wrote until it closed the connection. */
export interface RawReply {
  /** 0 when the connection was closed without a word. */
  readonly status: number
  readonly text: string
}

/** Sends bytes as they are, which no HTTP client would. */
export function raw(port: number, bytes: string, host = '127.0.0.1'): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(bytes, 'latin1'))
    const chunks: Buffer[] = []
    socket.setTimeout(8_000, () => socket.destroy(new Error('the server did not close the connection')))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1')
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    })
  })
}

/** A GET whose target goes over the wire untouched. */
export function rawGet(port: number, target: string, host = `localhost:${port}`): Promise<RawReply> {
  return raw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
}
