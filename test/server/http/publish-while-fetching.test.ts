import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { agentMenuSchema } from '../../../schemas/agent-menu.ts'
import { skillMenuSchema } from '../../../schemas/skill-menu.ts'
import { openChannels } from '../../../server/channels/channels.ts'
import { createApp } from '../../../server/http/app.ts'
import { listen } from '../../../server/http/listen.ts'
import { openStore } from '../../../server/store/store.ts'
import { makeHere } from '../make-here.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'

const PUBLISHES = 50
const CLIENTS = 3

interface Session {
  readonly fetches: number
  readonly release: string
  readonly faults: readonly string[]
}

/** Reads both menus of one release and everything they lead to. */
async function session(base: string): Promise<Session> {
  const faults: string[] = []
  const response = await fetch(`${base}/agent-menu.json`)
  const text = await response.text()
  const menu = agentMenuSchema.parse(JSON.parse(text))
  const release = menu.buildVersion
  const check = (what: string, ok: boolean) => void (ok || faults.push(what))
  check('menu and header name two releases', response.headers.get('mill-release') === release)
  check(
    'the menu has another digest than its tag',
    response.headers.get('etag')?.startsWith(`"${sha(Buffer.from(text))}`) === true,
  )
  const skills = skillMenuSchema.parse(await (await fetch(`${menu.releaseUrl}skill-menu.json`)).json())
  check('the menus are of two releases', skills.buildVersion === release)
  const entries = [...menu.agents, ...menu.flows, ...Object.values(skills.categories).flat()]
  await Promise.all(
    entries.map(async ({ downloadUrl, digest, size }) => {
      const got = await fetch(downloadUrl)
      const bytes = Buffer.from(await got.arrayBuffer())
      check(`${downloadUrl}: ${got.status}`, got.status === 200)
      check(`${downloadUrl}: digest`, sha(bytes) === digest && bytes.length === size)
      check(`${downloadUrl}: release`, got.headers.get('mill-release') === release)
    }),
  )
  return { fetches: entries.length + 2, release, faults }
}

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

test(`a client never sees two releases at once while ${PUBLISHES} are published`, {
  timeout: 120_000,
}, async () => {
  const content = contentFolder()
  const store = await openStore({ dir: scratch(), content, docsFrom: null, now: () => new Date() })
  const channels = openChannels({
    store,
    branches: async () => undefined,
    workTree: makeHere(() => discover(content)),
    build: () => ({ release: undefined, diagnostics: [] }),
    onChange: () => undefined,
    onWarning: () => undefined,
  })
  await channels.refreshWorkTree()
  const bugs: unknown[] = []
  const server = await listen(
    createApp(
      { ...channels, root: 'dev', experiments: channels.experiments.dev },
      { onBug: (error) => void bugs.push(error) },
    ),
    0,
  )
  const sessions: Session[] = []
  let publishing = true
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (publishing) sessions.push(await session(`http://localhost:${server.port}`))
  })
  for (let publish = 1; publish <= PUBLISHES; publish += 1) {
    // Every fifth tree goes back to an earlier one, so releases are met again.
    write(content, { 'agents/hello/greet.md': greetPrompt(`Hello ${publish % 5 === 0 ? 0 : publish}.`) })
    await channels.refreshWorkTree()
  }
  publishing = false
  await Promise.all(clients)
  await server.close()
  expect(sessions.flatMap(({ faults }) => faults)).toEqual([])
  expect(new Set(sessions.map(({ release }) => release)).size).toBeGreaterThan(3)
  expect(channels.channel('dev')).toMatchObject({ status: 'live', pointer: { serial: PUBLISHES + 1 } })
  expect(bugs).toEqual([])
})
