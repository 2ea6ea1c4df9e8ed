import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipSync } from 'fflate'
import { digestOf } from '../../schemas/digest.ts'

/** What a test says about one flow; everything has a sound default. */
export interface FlowContent {
  readonly agents?: Readonly<Record<string, string>>
  readonly bundleFlow?: string
  /** Skill id to its framework; each is an archive. */
  readonly archives?: Readonly<Record<string, string | null>>
  /** Group to variants; each group is a bundle. */
  readonly bundles?: Readonly<Record<string, readonly string[]>>
  readonly channel?: string | null
  readonly skillMenuVersion?: string
  /** Last word on a body before it is sent. */
  readonly tamper?: (path: string, body: Buffer) => Buffer
  /** Last word on the agent menu. */
  readonly menu?: (menu: Record<string, unknown>) => Record<string, unknown>
}

export interface FlowServer {
  readonly base: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  readonly close: () => void
}

/** One prompt in the served form. */
export const prompt = (type: string, ...lines: string[]) =>
  ['---', `type: ${type}`, 'flow: demo', ...lines, '---', `# ${type}`, ''].join('\n')

const AGENTS = {
  plan: prompt('plan', 'seed: true'),
  init: prompt('init', 'skills: [integration-init, event-naming]'),
  capture: prompt('capture', 'skills: [integration-capture]', 'dependsOn: [init]'),
  report: prompt('report', 'sink: true'),
}

/** A real server over hand-made content: one release, one flow. */
export async function serveFlow(content: FlowContent = {}): Promise<FlowServer> {
  const asked: string[] = []
  const files = new Map<string, Buffer>()
  const server: Server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const body = files.get(path)
    if (body === undefined) return void response.writeHead(404).end()
    if (content.channel !== null) response.setHeader('mill-channel', content.channel ?? 'dev')
    response.end(content.tamper?.(path, body) ?? body)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  fill(files, `${base}/v/r1/`, content)
  return {
    base,
    asked,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function fill(files: Map<string, Buffer>, releaseUrl: string, content: FlowContent): void {
  const put = (name: string, bytes: Buffer) => {
    files.set(`/v/r1/${name}`, bytes)
    return { downloadUrl: `${releaseUrl}${name}`, digest: digestOf(bytes), size: bytes.length }
  }
  const json = (value: unknown) => Buffer.from(JSON.stringify(value))
  const archives = content.archives ?? { 'integration-init-nextjs': 'nextjs', 'event-naming': null }
  const bundles = content.bundles ?? { 'integration-capture': ['nextjs', 'express'] }
  const contracts = { seed: 'You plan', task: 'You do' }
  const bundle = { flow: content.bundleFlow ?? 'demo', agents: content.agents ?? AGENTS, contracts }
  const menu = {
    version: '1.0',
    buildVersion: 'r1',
    releaseUrl,
    agents: [],
    flows: [{ id: 'demo', ...put('agents-demo.json', json(bundle)) }],
  }
  files.set('/agent-menu.json', json(content.menu?.(menu) ?? menu))
  const skill = (id: string) => ({ 'SKILL.md': `# ${id}\n`, 'references/a.md': 'a' })
  const zip = (id: string) =>
    Buffer.from(
      zipSync(Object.fromEntries(Object.entries(skill(id)).map(([path, text]) => [path, Buffer.from(text)]))),
    )
  const zips = Object.entries(archives).map(([id, framework]) => ({
    id,
    name: id,
    group: framework === null ? id : id.slice(0, -framework.length - 1),
    ...(framework === null ? {} : { framework }),
    ...put(`${id}.zip`, zip(id)),
  }))
  const groups = Object.entries(bundles).map(([id, variants]) => ({
    id,
    name: id,
    group: id,
    bundle: true,
    variants: variants.map((variant) => ({ id: variant, framework: variant })),
    ...put(
      `${id}.json`,
      json({ id, variants: Object.fromEntries(variants.map((name) => [name, skill(name)])) }),
    ),
  }))
  put(
    'skill-menu.json',
    json({
      version: '1.0',
      buildVersion: content.skillMenuVersion ?? 'r1',
      categories: { zips, groups },
      cliEntries: [],
    }),
  )
}
