import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'

export interface Running {
  readonly name: string
  readonly port: number
  /** Resident memory in MiB now. */
  readonly memory: () => number
  readonly stop: () => Promise<void>
}

/** `mill dev` on a content folder. */
export async function mill(
  content: string,
  store: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running & { readonly pid: number | undefined }> {
  const entry = join(import.meta.dirname, '../../bin/mill.js')
  const words = [entry, 'dev', '--content', content, '--store', store, '--port', '0', '--offline']
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('mill dev ended before it listened')))
    let text = ''
    child.stdout.on('data', (chunk) => {
      text = `${text}${chunk}`.slice(-4_000)
      const found = /http:\/\/localhost:(\d+)/.exec(text)
      if (found !== null) resolve(Number(found[1]))
    })
  })
  return {
    name: 'mill',
    port,
    pid: child.pid,
    memory: () => memoryOf(child),
    stop: () => stop(child),
  }
}

/** Serves a folder with nginx; undefined where there is none. */
export async function nginx(folder: string): Promise<Running | undefined> {
  if (!existsSync('/usr/sbin/nginx')) return undefined
  const port = await freePort()
  const configuration = join(folder, 'nginx.conf')
  await writeFile(configuration, nginxConfiguration(folder, port))
  const child = spawn('/usr/sbin/nginx', ['-c', configuration], { stdio: 'inherit' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  return { name: 'nginx', port, memory: () => memoryOf(child), stop: () => stop(child) }
}

/** Puts a file where the peer finds it, plain and coded, in the very bytes that mill sends. */
export async function copyOf(url: string, folder: string): Promise<number> {
  const file = join(folder, new URL(url).pathname)
  await mkdir(dirname(file), { recursive: true })
  const plain = await bytesOf(url, 'identity')
  await writeFile(file, plain)
  await writeFile(`${file}.gz`, await bytesOf(url, 'gzip'))
  return plain.length
}

function bytesOf(url: string, coding: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': coding } }, async (response) => {
      resolve(Buffer.concat(await response.toArray()))
    }).on('error', reject)
  })
}

/** One process as mill is one, no log as mill writes none, and as many requests on a connection as there are. */
function nginxConfiguration(folder: string, port: number): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (one) => `${one}_temp_path ${folder}/t-${one};`,
  )
  return `worker_processes 1; worker_rlimit_nofile 16384; daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events { worker_connections 8192; }
http { access_log off; sendfile on; tcp_nopush on; gzip_static on; open_file_cache max=100; keepalive_requests 100000000;
${paths.join(' ')}
types { text/markdown md; }
server { listen 127.0.0.1:${port} backlog=4096; root ${folder};
add_header Cache-Control "public, max-age=31536000, immutable"; add_header X-Content-Type-Options nosniff; } }
`
}

/** One file from a bare handler: what Node can do at best, in this process, which only waits meanwhile. */
export async function bareHandler(file: string): Promise<Running> {
  const plain = readFileSync(file)
  const coded = readFileSync(`${file}.gz`)
  const server = createServer((request, response) => {
    const isCoded = request.headers['accept-encoding'] === 'gzip'
    const bytes = isCoded ? coded : plain
    response.writeHead(200, {
      'Content-Length': bytes.length,
      ...(isCoded ? { 'Content-Encoding': 'gzip' } : {}),
    })
    response.end(bytes)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = async () => void server.close().closeAllConnections()
  return {
    name: 'a bare node:http handler',
    port,
    memory: () => process.memoryUsage.rss() / 1024 ** 2,
    stop,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

function memoryOf({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
