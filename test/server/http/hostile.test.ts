import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { routesOf } from '../../../server/http/app.ts'
import { raw, rawGet } from '../raw.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, write } from '../scratch.ts'
import { running } from '../serving.ts'

const CANARY = 'canary-7f3a'

const UP = [
  '..',
  '%2e%2e',
  '.%2e',
  '%252e%252e',
  '..%00',
  '%c0%ae%c0%ae',
  '..;',
  '....',
  '%u002e%u002e',
  '..%20',
]
const SEPARATORS = ['/', '%2f', '\\', '%5c', '%252f', '//']
const FILES = ['canary.md', 'content/canary.txt', 'etc/passwd']

/** Ways out of a folder, and names inside it that are nobody's business. */
const TARGETS = [
  ...UP.flatMap((up) => SEPARATORS.map((separator) => `${`${up}${separator}`.repeat(4)}${FILES[0]}`)),
  ...FILES.map((file) => `../../../../../../${file}`),
  ...[
    '.gitignore',
    'canary.md',
    'releases',
    'release.json',
    'origins%2fdev.json',
    'channels%2fdev.json',
    'store%2fcanary.md',
  ],
  ...[
    '.git/config',
    '.env',
    'canary.md%00.md',
    'canary.md%0a',
    'file:///etc/passwd',
    'C:%5cWindows',
    'CON',
    '~root',
    '*',
    '.',
  ],
]

test('serve() gives away nothing but its releases, whatever the route and the target', {
  timeout: 60_000,
}, async () => {
  const repo = repoWithContent()
  const store = join(repo.dir, '.mill/store')
  mkdirSync(store, { recursive: true })
  for (const dir of [repo.dir, store, repo.content, join(repo.dir, '.mill')])
    writeFileSync(join(dir, 'canary.md'), CANARY)
  write(repo.content, { 'agents/README.md': CANARY, 'notes.txt': CANARY, 'canary.txt': CANARY })
  const server = await running(repo.content)
  const release = (await server.channels()).channels[0]?.pointer?.release
  const inStore = readdirSync(store, { recursive: true, withFileTypes: true })
  for (const { name, parentPath } of inStore.filter((entry) => entry.isDirectory())) {
    writeFileSync(join(parentPath, name, 'canary.md'), CANARY)
  }
  expect(TARGETS.length).toBeGreaterThanOrEqual(60)
  const secret = readFileSync('/etc/passwd', 'latin1').split('\n')[0] ?? ''
  const leaks: string[] = []
  const known = { release: String(release), channel: 'dev', file: 'agent-menu.json' }
  const places = routesOf(server.state).flatMap(({ path }) => placesIn(path, known))
  expect(places).toEqual(
    expect.arrayContaining([`/v/${release}/skills/@`, '/channels/@', '/metrics/@', '/@']),
  )
  const targets = places.flatMap((place) => TARGETS.map((target) => place.replace('@', () => target)))
  await eachOf(targets, async (target) => {
    const { status, text } = await rawGet(server.port, target)
    if (text.includes(CANARY) || text.includes(secret) || status >= 500) leaks.push(`${status} ${target}`)
    if (text.includes(repo.dir)) leaks.push(`path in reply: ${target}`)
  })
  expect(leaks).toEqual([])
  expect(server.bugs).toEqual([])
  expect((await server.get('/agent-menu.json')).status).toBe(200)
})

/** Every address that a route answers, with an `@` wherever something of one's own can stand in it or after it. */
function placesIn(pattern: string, known: Readonly<Record<string, string>>): string[] {
  const bare = pattern.replaceAll(/\{(.*?)\}/g, '$1')
  const fill = (path: string) => path.replaceAll(/[:*](\w+)/g, (_, name: string) => known[name] ?? 'x')
  const inside = [...bare.matchAll(/[:*]\w+/g)].map(({ 0: { length }, index }) => {
    return `${fill(bare.slice(0, index))}@${fill(bare.slice(index + length))}`
  })
  return [...inside, `${fill(bare)}/@`.replace('//', '/')]
}

/** Does something for each, a few at a time. */
async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values()
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      for (const one of left) await work(one)
    }),
  )
}

test('judgeHost() lets loopback names with the right port through, and nothing else', async () => {
  const { port } = await running(contentFolder())
  const allowed = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]
  for (const host of allowed) expect((await rawGet(port, '/healthz', host)).status).toBe(200)
  const refused = [
    'evil.example',
    `evil.example:${port}`,
    'localhost',
    `localhost:${port + 1}`,
    `localhost.:${port}`,
    `127.1:${port}`,
    `2130706433:${port}`,
    `0.0.0.0:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `localhost.evil.example:${port}`,
    `localhost:${port}@evil.example`,
    `user@localhost:${port}`,
    `127.0.0.1:0${port}`,
  ]
  for (const host of refused) {
    const { status, text } = await rawGet(port, '/healthz', host)
    expect([host, status]).toEqual([host, 421])
    expect(text).toContain('request/host')
  }
})

test('judgeHost() refuses what leaves the host in doubt', async () => {
  const { port } = await running(contentFolder())
  const host = `Host: localhost:${port}\r\n`
  const status = async (bytes: string) => (await raw(port, bytes)).status
  expect(await status('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toBe(400)
  expect(await status('GET /healthz HTTP/1.0\r\n\r\n')).toBe(400)
  expect(await status(`GET /healthz HTTP/1.1\r\n${host}${host}Connection: close\r\n\r\n`)).toBe(400)
  expect(
    await status(`GET /healthz HTTP/1.1\r\n${host}host: evil.example\r\nConnection: close\r\n\r\n`),
  ).toBe(400)
  expect(await status(`GET /healthz HTTP/1.1\r\nHost: \r\nConnection: close\r\n\r\n`)).toBe(421)
  for (const target of [`http://localhost:${port}/healthz`, 'http://evil.example/healthz', '*', 'healthz']) {
    expect([400, 421]).toContain(
      await status(`OPTIONS ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`),
    )
    expect([400, 421]).toContain(await status(`GET ${target} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`))
  }
  expect(
    await status(`GET http://localhost:${port}/healthz HTTP/1.1\r\n${host}Connection: close\r\n\r\n`),
  ).toBe(421)
  expect(await status(`CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`)).toBe(0)
})

test('serve() refuses malformed, oversized and smuggled requests, and lives on', async () => {
  const server = await running(contentFolder())
  const host = `Host: localhost:${server.port}\r\nConnection: close\r\n`
  const status = async (bytes: string) => (await raw(server.port, bytes)).status
  expect(await status(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`)).toBe(431)
  expect(await status(`GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`)).toBe(431)
  expect(
    await status(`GET / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  ).toBe(400)
  expect(await status(`POST /agent-menu.json HTTP/1.1\r\n${host}Content-Length: 2\r\n\r\n{}`)).toBe(405)
  expect(await status('\x16\x03\x01\x00\r\n\r\n')).toBe(400)
  // A client that never finishes its headers is cut.
  expect(await status(`GET / HTTP/1.1\r\n${host}`)).toBe(408)
  expect((await server.get('/healthz')).status).toBe(200)
})
