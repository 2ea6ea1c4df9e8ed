import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.zip': 'application/zip',
}

/** The plainest of static hosts: a path is a file, its ending is its type, all else is 404. */
export async function staticHost(dir: () => string): Promise<string> {
  const server = createServer((request, response) => {
    const path = join(dir(), new URL(request.url ?? '/', 'http://x').pathname)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
      return void response.writeHead(404).end()
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'text/plain')
    createReadStream(path).pipe(response)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
