import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { zipSync } from 'fflate'
import type { ChannelPointer } from '../../../schemas/channel.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { encodeIndex, RELEASE_INDEX, type ReleaseIndex, releaseIdOf } from '../../../schemas/release.ts'
import { newKey, parsePrivateKey, type SigningKey } from '../../../server/signing/keys.ts'
import { sealed } from '../../../server/signing/pointer.ts'
import { prompt } from '../flow-server.ts'

/** A release as files, by name. */
export interface SignedRelease {
  readonly id: string
  readonly files: ReadonlyMap<string, Buffer>
}

/** A key pair as a test needs it. */
export function keyPair(): { readonly key: SigningKey; readonly line: string } {
  const { privateText, publicLine } = newKey()
  const key = parsePrivateKey(privateText)
  if (key === undefined) throw new Error('a new key cannot be read')
  return { key, line: publicLine }
}

/** A release of one flow, one archive and one bundle, whose texts say `word`. */
export function signedRelease(word: string): SignedRelease {
  const text = (body: string) => new TextEncoder().encode(body)
  const artifacts = {
    'agents-demo.json': Buffer.from(
      JSON.stringify({
        flow: 'demo',
        agents: {
          plan: prompt('plan', 'seed: true'),
          work: prompt('work', 'skills: [naming, capture]'),
        },
        contracts: { seed: `Plan ${word}`, task: `Do ${word}` },
      }),
    ),
    'naming.zip': Buffer.from(zipSync({ 'SKILL.md': text(`# Naming ${word}\n`) })),
    'capture.json': Buffer.from(
      JSON.stringify({ id: 'capture', variants: { nextjs: { 'SKILL.md': `# Capture ${word}\n` } } }),
    ),
  }
  const ref = (file: keyof typeof artifacts) => ({
    file,
    digest: digestOf(artifacts[file]),
    size: artifacts[file].length,
  })
  const index: ReleaseIndex = {
    version: 1,
    agents: [],
    flows: [{ flow: 'demo', ...ref('agents-demo.json') }],
    skills: [
      {
        ...{ id: 'naming', displayName: 'Naming', description: 'Names', tags: [], uri: 'x://naming' },
        ...{ category: 'naming', ...ref('naming.zip') },
      },
    ],
    bundles: [
      {
        category: 'capture',
        description: 'Captures',
        variants: [{ id: 'nextjs', framework: 'nextjs' }],
        ...ref('capture.json'),
      },
    ],
    cliEntries: [],
  }
  const files = new Map(Object.entries(artifacts)).set(RELEASE_INDEX, Buffer.from(encodeIndex(index)))
  return { id: releaseIdOf(index), files }
}

export type Attack = (path: string, response: ServerResponse, request: IncomingMessage) => boolean

/** A server of one signed channel, which does whatever it is told to. */
export interface SignedSite {
  readonly site: string
  /** Address of the channel. */
  readonly base: string
  readonly asked: string[]
  /** Answers the channel's address from now on; what is no pointer is told as it is. */
  tell: (pointer: unknown) => void
  /** Asked first; true when it has answered. */
  attack: Attack
  close: () => Promise<void>
  /** Bytes that were written to sockets. */
  readonly sent: () => number
}

/** Starts one that has these releases. */
export async function signedSite(...releases: readonly SignedRelease[]): Promise<SignedSite> {
  const asked: string[] = []
  let told: unknown = null
  let bytes = 0
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    if (site.attack(path, response, request)) return
    if (path === '/channels/main') return void response.end(JSON.stringify(told))
    const [, id, name = ''] = /^\/v\/(\w+)\/(.+)$/.exec(path) ?? []
    const file = releases.find((release) => release.id === id)?.files.get(name)
    if (file === undefined) response.writeHead(404).end()
    else response.end(file)
  })
  server.on('connection', (socket) => socket.once('close', () => (bytes += socket.bytesWritten)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const site: SignedSite = {
    site: address,
    base: `${address}/channels/main`,
    asked,
    attack: () => false,
    tell: (pointer) => {
      told = isPointer(pointer) ? { channel: 'main', status: 'live', pointer } : pointer
    },
    sent: () => bytes,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return site
}

function isPointer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'serial' in value
}

/** What a test says of a pointer; everything has a sound default. */
export interface Sealing {
  readonly key: SigningKey
  readonly release: string
  readonly serial?: number
  readonly channel?: string
  /** Milliseconds from now. */
  readonly lifetimeMs?: number
}

/** A pointer as its server would sign it. */
export function pointerOf({
  key,
  release,
  serial = 5,
  channel = 'main',
  lifetimeMs,
}: Sealing): ChannelPointer {
  const pointer = { channel, release, serial, commit: null, publishedAt: '2026-11-01T00:00:00.000Z' }
  return sealed(pointer, { key, lifetimeMs, now: () => new Date() })
}
