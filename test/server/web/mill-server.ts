import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** `mill dev` as anybody would start it. */
export interface MillServer {
  readonly url: string
  readonly close: () => Promise<void>
}

const MILL = join(import.meta.dirname, '../../../bin/mill.js')
/** The remote documents of the content, as a folder. */
const DOCS = join(import.meta.dirname, '../../fixtures/docs')

/** Starts the server in a folder, on a free port. */
export async function startMill(cwd: string): Promise<MillServer> {
  const home = mkdtempSync(join(tmpdir(), 'mill-home-'))
  const env = { PATH: process.env.PATH, HOME: home, NO_COLOR: '1' }
  const server = spawn(process.execPath, [MILL, 'dev', '--port', '0', '--docs-from', DOCS], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  server.stderr?.resume()
  return {
    url: await addressOf(server),
    close: async () => {
      server.kill('SIGINT')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new TypeError('The server has no output')
  const lines = createInterface(server.stdout)
  for await (const line of lines) {
    const [, url] = /on (http:\/\/localhost:\d+)/.exec(line) ?? []
    if (url === undefined) continue
    server.stdout.resume()
    return url
  }
  throw new Error('The server ended before it listened')
}
