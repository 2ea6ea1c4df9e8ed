import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentMenu, agentMenuSchema } from '../../schemas/agent-menu.ts'
import { type SkillMenu, skillMenuSchema } from '../../schemas/skill-menu.ts'

/** Where a server finds everything. */
export interface Folders {
  readonly content: string
  /** Copies of all remote documents. */
  readonly cache: string
  readonly store: string
}

/** `mill dev` in a process of its own. */
export interface DevServer {
  readonly url: string
  /** Bytes of its memory; 0 where nobody can tell. */
  readonly memory: () => number
  readonly close: () => Promise<void>
}

const MILL = join(import.meta.dirname, '../../bin/mill.js')

/** Resolves once the server answers. */
export async function startDevServer({ content, cache, store }: Folders): Promise<DevServer> {
  const args = ['dev', '--content', content, '--offline', '--cache', cache, '--store', store, '--port', '0']
  const child = spawn(process.execPath, [MILL, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      const found = /http:\/\/localhost:\d+/.exec(said)?.[0]
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => reject(new Error(`the server ended: ${said}`)))
  })
  return {
    url,
    memory: () => memoryOf(child.pid),
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function memoryOf(pid: number | undefined): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

/** Everything that the menus of a server lead to: address of the file → its digest; and the release they name. */
export interface Menus {
  readonly release: string
  readonly digests: ReadonlyMap<string, { readonly digest: string; readonly url: string }>
}

/** Both menus, of one release. */
export async function menusOf(url: string): Promise<Menus> {
  const agents = agentMenuSchema.parse(await (await fetch(`${url}/agent-menu.json`)).json())
  const skills = skillMenuSchema.parse(await (await fetch(`${agents.releaseUrl}skill-menu.json`)).json())
  return { release: agents.buildVersion, digests: digestsOf(agents, skills) }
}

function digestsOf({ agents }: AgentMenu, { categories }: SkillMenu): Menus['digests'] {
  const entries = [
    ...agents.map(({ id, digest, downloadUrl }) => [id, { digest, url: downloadUrl }] as const),
    ...Object.values(categories)
      .flat()
      .map(({ id, digest, downloadUrl }) => [id, { digest, url: downloadUrl }] as const),
  ]
  return new Map(entries)
}

/** True once an entry has another digest than before, and its bytes come and are those. */
export async function isServedAnew(url: string, id: string, before: Menus): Promise<boolean> {
  const reply = await fetch(`${url}/agent-menu.json`)
  const release = reply.headers.get('mill-release')
  await reply.arrayBuffer()
  if (release === before.release) return false
  const entry = (await menusOf(url)).digests.get(id)
  if (entry === undefined || entry.digest === before.digests.get(id)?.digest) return false
  const bytes = Buffer.from(await (await fetch(entry.url)).arrayBuffer())
  return createHash('sha256').update(bytes).digest('hex') === entry.digest
}
