import { brotliCompressSync } from 'node:zlib'
import request from 'supertest'
import { expect, test } from 'vitest'
import type { ChannelsView, FindingsView } from '../../../server/catalog/channel-views.ts'
import type { ReleaseView } from '../../../server/catalog/release-view.ts'
import { bundlePage } from '../../../server/web/bundle.ts'
import { release, server } from '../app-server.ts'

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8'
const AT = `/catalog/releases/${release.id}`

test.each(['/', '/channels/dev/'])(
  '%s is a page for browsers and the archive for everybody else',
  async (path) => {
    const page = await request(server).get(path).set('Accept', BROWSER).expect(200)
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    })
    expect(page.headers.vary).toBe('Accept, Accept-Encoding')
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toMatch(/unsafe|http|\*|data:/)
    expect(page.headers['x-content-type-options']).toBe('nosniff')
    expect(page.text).not.toMatch(/<(script|style)>| style=| on[a-z]+=/)
    for (const accept of [
      '*/*',
      'application/zip',
      'application/json',
      undefined,
      'application/zip, text/html;q=0.5',
      'text/html;q=0',
    ]) {
      const asked = request(server).get(path)
      const got = await (accept === undefined ? asked.unset('Accept') : asked.set('Accept', accept)).expect(
        200,
      )
      expect([accept, got.headers['content-type']]).toEqual([accept, 'application/zip'])
      expect(got.headers.vary).toContain('Accept')
    }
    await request(server).head(path).set('Accept', BROWSER).expect(200)
  },
)

test('a channel that is not there has no page, and one that is empty has a page but no archive', async () => {
  await request(server).get('/channels/nowhere/').set('Accept', BROWSER).expect(404)
  await request(server).get('/channels/nowhere/').expect(404)
  await request(server).get('/channels/bare/').set('Accept', BROWSER).expect(200)
  await request(server).get('/channels/bare/').expect(503)
})

test('what the page loads is served for ever under its digest, coded, and below 150 KB', async () => {
  const { text } = await request(server).get('/').set('Accept', BROWSER)
  const addresses = [...text.matchAll(/(?:src|href)="(\/catalog\/assets\/[^"]+)"/g)].map(
    ([, address = '']) => address,
  )
  expect(addresses).toHaveLength(3)
  let size = 0
  for (const address of addresses) {
    const coded = await request(server).get(address).set('Accept-Encoding', 'br').expect(200)
    expect(coded.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    size += Number(coded.headers['content-length'])
  }
  expect(size).toBeLessThan(150_000)
  await request(server).get('/catalog/assets/main.js').expect(404)
  await request(server).get('/catalog/assets/..%2f..%2fpackage.json').expect(404)
})

test('bundlePage() makes the same page each time', async () => {
  const [one, other] = await Promise.all([bundlePage(), bundlePage()])
  expect(one.html.artifact.digest).toBe(other.html.artifact.digest)
  expect([...one.assets.keys()]).toEqual([...other.assets.keys()])
  const sizes = [...one.assets.values()].map(({ artifact }) => brotliCompressSync(artifact.bytes).length)
  expect(sizes.every((size) => size > 100)).toBe(true)
})

test('the views tell of channels, findings and a release, and can be asked for again at no cost', async () => {
  const channels: ChannelsView = (await request(server).get('/catalog/channels').expect(200)).body
  expect(channels.root).toBe('dev')
  expect(channels.channels.map(({ channel, status, release: id }) => [channel, status, id !== null])).toEqual(
    [
      ['dev', 'live', true],
      ['old', 'retired', true],
      ['torn', 'stale', true],
      ['bare', 'empty', false],
    ],
  )
  const findings: FindingsView = (await request(server).get('/catalog/channels/dev/findings').expect(200))
    .body
  expect(findings).toEqual({ channel: 'dev', errors: 0, warnings: 0, findings: [] })
  const got = await request(server).get(`${AT}/view`).expect(200)
  const view: ReleaseView = got.body
  expect(view.release).toBe(release.id)
  expect(got.headers['cache-control']).toContain('immutable')
  await request(server)
    .get(`${AT}/view`)
    .set({ 'If-None-Match': String(got.headers.etag), 'Accept-Encoding': 'gzip' })
    .expect(304)
})

test('texts are found by kind and name, as they are written and rendered', async () => {
  const raw = await request(server).get(`${AT}/raw/agent/hello/greet`).expect(200)
  expect(raw.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(raw.text).toBe(new TextDecoder().decode(release.artifacts.get('agents-hello-greet.md')?.bytes))
  const rendered = await request(server)
    .get(`${AT}/rendered/skill/${release.index.skills[0]?.id}/SKILL.md`)
    .expect(200)
  expect(rendered.text).toMatch(/<h2 id="text-/)
  expect(rendered.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
  const found = await request(server)
    .get(`${AT}/search/${encodeURIComponent('GREET')}`)
    .expect(200)
  expect(found.body.length).toBeGreaterThan(0)
  const same = await request(server).get(`${AT}/diff/${release.id}`).expect(200)
  expect(same.body.surfaces).toEqual([])
})

test.each([
  '/raw/agent/hello/nobody',
  '/raw/agent/hello',
  '/raw/skill/greeting/..%2f..%2fpackage.json',
  '/raw/skill/greeting/%2fetc%2fpasswd',
  '/raw/skill/nothing/SKILL.md',
  '/raw/doc/nothing',
  '/raw/constructor/x/y',
  '/rendered/__proto__/x',
  `/diff/${'0'.repeat(64)}`,
  '/diff/main',
])('%s is nothing', async (path) => {
  const { body } = await request(server)
    .get(AT + path)
    .expect(404)
  expect(body.error).toBe('route/unknown')
})
