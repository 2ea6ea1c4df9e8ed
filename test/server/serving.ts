import { onTestFinished } from 'vitest'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import type { ChannelList, ChannelStatus } from '../../schemas/channel.ts'
import { channelListSchema } from '../../schemas/channel.ts'
import type { ChannelChange } from '../../server/channels/board.ts'
import { type ServeOptions, type Serving, serve } from '../../server/serve.ts'
import { scratch } from './scratch.ts'

/** A server that runs until the test has ended. */
export interface Running extends Serving {
  readonly url: string
  readonly changes: readonly ChannelChange[]
  /** Those before it listened. */
  readonly atStart: readonly ChannelChange[]
  readonly warnings: readonly string[]
  readonly bugs: readonly unknown[]
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>
  readonly channels: () => Promise<ChannelList>
}

export async function running(content: string, options: Partial<ServeOptions> = {}): Promise<Running> {
  const changes: ChannelChange[] = []
  const warnings: string[] = []
  const bugs: unknown[] = []
  const serving = await serve({
    content,
    port: 0,
    root: undefined,
    store: undefined,
    watch: false,
    documents: { cache: scratch(), offline: true },
    signal: new AbortController().signal,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    now: () => new Date(),
    log: {
      change: (change) => void changes.push(change),
      warn: (sentence) => void warnings.push(sentence),
      bug: (error) => void bugs.push(error),
    },
    ...options,
  })
  const atStart = [...changes]
  onTestFinished(() => serving.close())
  const url = `http://localhost:${serving.port}`
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers })
  return {
    ...serving,
    ...{ url, changes, atStart, warnings, bugs, get },
    channels: async () => channelListSchema.parse(await (await get('/channels')).json()),
  }
}

/** Asks until the answer satisfies, for at most ten seconds. */
export async function eventually<T>(ask: () => T | Promise<T>, satisfies: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const value = await ask()
    if (satisfies(value)) return value
    if (performance.now() > deadline) throw new Error(`Waited in vain; last seen: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export async function channel(server: Running, name: string): Promise<ChannelStatus | undefined> {
  return (await server.channels()).channels.find((one) => one.channel === name)
}

/** The prompt `greet` that the menu below `prefix` leads to; empty when it leads to none. */
export async function greeting(server: Running, prefix = ''): Promise<string> {
  const menu = agentMenuSchema.parse(await (await server.get(`${prefix}/agent-menu.json`)).json())
  const greet = menu.agents.find(({ id }) => id === 'greet')
  return greet === undefined ? '' : (await fetch(greet.downloadUrl)).text()
}
