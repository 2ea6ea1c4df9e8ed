import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { RELEASE_INDEX } from '../../../schemas/release.ts'
import { answer, attacked, current, elsewhere, flood, honest, line, old, site, to } from './attack-kit.ts'
import type { Attack } from './signed-site.ts'
import { begin, someUser } from './trusted-run.ts'

const ANSWERS: readonly (readonly [string, string, () => Attack])[] = [
  [
    'a file of the other release',
    'run/digest-mismatch',
    () => to('naming.zip', (response) => void response.end(old.files.get('naming.zip'))),
  ],
  [
    'the index of the other release',
    'trust/index',
    () => to(RELEASE_INDEX, (response) => void response.end(old.files.get(RELEASE_INDEX))),
  ],
  [
    'a file without its end',
    'run/digest-mismatch',
    () => to('naming.zip', (response, bytes) => void response.end(bytes.subarray(1))),
  ],
  [
    'a file and one byte more',
    'run/too-large',
    () => to('naming.zip', (response, bytes) => void response.end(Buffer.concat([bytes, Buffer.from('x')]))),
  ],
  [
    'a file that is cut',
    'run/cut-off',
    () =>
      to('naming.zip', (response, bytes) => {
        response.writeHead(200, { 'content-length': bytes.length })
        response.write(bytes.subarray(1), () => response.destroy())
      }),
  ],
  [
    'a pointer that is cut',
    'run/cut-off',
    () =>
      to('/channels/main', (response, bytes) => {
        response.writeHead(200, { 'content-length': bytes.length })
        response.write(bytes.subarray(1), () => response.destroy())
      }),
  ],
  ['a file without end', 'run/too-large', () => to('naming.zip', flood)],
  ['a pointer without end', 'run/too-large', () => to('/channels/main', flood)],
  [
    'a bomb as its coding',
    'run/too-large',
    () =>
      to('naming.zip', (response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(30_000_000)))
      }),
  ],
  ['a coding that it is not in', 'run/cut-off', () => answer(200, { 'content-encoding': 'gzip' })],
  ['a web page', 'run/not-content', () => answer(200, { 'content-type': 'text/html; charset=utf-8' })],
  [
    'a web page for a pointer',
    'run/not-content',
    () =>
      to('/channels/main', (response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')
      }),
  ],
  [
    'a web page that does not say so',
    'run/menu-invalid',
    () => to('/channels/main', (response) => void response.end('<html>')),
  ],
  ['a part that nobody asked for', 'run/not-served', () => answer(206, { 'content-range': 'bytes 0-9/10' })],
  ['nothing, and that it was right', 'run/not-served', () => answer(204)],
  ['that it is not modified', 'run/not-served', () => answer(304)],
  ['a failure for ever', 'run/server-failed', () => answer(503)],
  ['a wait of a year', 'run/server-failed', () => answer(503, { 'retry-after': '31536000' })],
  [
    'headers of 200 KB',
    'run/server-unreachable',
    () => answer(200, { 'x-much': Array.from({ length: 50 }, () => 'x'.repeat(4000)) }),
  ],
  ['another port', 'run/foreign-url', () => answer(302, { location: `${elsewhere}/naming.zip` })],
  ['another host', 'run/foreign-url', () => answer(302, { location: 'http://evil.example/naming.zip' })],
  [
    'another host by two slashes',
    'run/foreign-url',
    () => answer(302, { location: '//evil.example/naming.zip' }),
  ],
  ['another scheme', 'run/foreign-url', () => answer(302, { location: 'file:///etc/passwd' })],
  [
    'another host for a pointer',
    'run/foreign-url',
    () =>
      to('/channels/main', (response) => {
        response.writeHead(301, { location: elsewhere }).end()
      }),
  ],
  ['a circle', 'run/not-served', () => answer(302, { location: 'naming.zip' })],
]

describe('a run with a key refuses an answer that is', () => {
  test.each(ANSWERS)('%s', async (_name, code, attack) => {
    expect(await attacked({ attack: attack() })).toMatchObject({ code })
  })

  test('slow, an attempt or all of it', async () => {
    const drip = to('naming.zip', (response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(timer))
    })
    site.tell(honest)
    site.attack = drip
    for (const limit of [{ timeoutMs: 200 }, { totalMs: 600 }]) {
      const run = { base: site.base, key: line, user: someUser(), ...limit }
      await expect(begin(run)).rejects.toMatchObject({ code: 'run/too-slow' })
    }
    site.attack = () => false
  })

  test('sent without encryption, though it was asked for with it', async () => {
    const fetch = async () =>
      new Response(null, { status: 302, headers: { location: 'http://mill.example/x' } })
    const run = { base: 'https://mill.example/channels/main', key: line, user: someUser(), fetch }
    await expect(begin(run)).rejects.toMatchObject({ code: 'run/foreign-url' })
  })
})

test.each([...current.files.keys()])(
  'a run with a key notices one flipped bit wherever it is in %s',
  async (name) => {
    const bytes = current.files.get(name) ?? Buffer.alloc(0)
    const places = [0, 1, 7, bytes.length >> 2, bytes.length >> 1, bytes.length - 2, bytes.length - 1]
    for (const at of places) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      const error = await attacked({ attack: to(name, (response) => void response.end(flipped)) })
      expect(error).toMatchObject({ code: name === RELEASE_INDEX ? 'trust/index' : 'run/digest-mismatch' })
    }
  },
)
