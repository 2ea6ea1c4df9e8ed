import { createHash } from 'node:crypto'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import request from 'supertest'
import { describe, expect, test } from 'vitest'
import { agentMenuSchema } from '../../../schemas/agent-menu.ts'
import { channelListSchema, channelStatusSchema } from '../../../schemas/channel.ts'
import { manifestSchema } from '../../../schemas/manifest.ts'
import { skillMenuSchema } from '../../../schemas/skill-menu.ts'
import { release, server } from '../app-server.ts'

const FACES = [
  'agent-menu.json',
  'skill-menu.json',
  'manifest.json',
  'release-index.json',
  'SHA256SUMS',
  'skills-mcp-resources.zip',
]
const PROMPT = 'agents-hello-greet.md'

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const raw = (path: string) =>
  request(server)
    .get(path)
    .buffer()
    .parse((response, done) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(null, Buffer.concat(chunks)))
    })

describe.each([
  ['the root', () => ''],
  ['a channel', () => '/channels/dev'],
  ['a release', () => `/v/${release.id}`],
])('createApp() under the prefix of %s', (_, prefix) => {
  test('answers every face in its schema, with addresses below /v/', async () => {
    const get = async (name: string) => (await request(server).get(`${prefix()}/${name}`).expect(200)).body
    const agents = agentMenuSchema.parse(await get('agent-menu.json'))
    expect(agents.buildVersion).toBe(release.id)
    expect(agents.releaseUrl).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/v/${release.id}/$`))
    expect(agents.agents[0]?.downloadUrl.startsWith(agents.releaseUrl)).toBe(true)
    skillMenuSchema.parse(await get('skill-menu.json'))
    manifestSchema.parse(await get('manifest.json'))
    manifestSchema.parse(await get('skills/manifest.json'))
    for (const face of FACES) await request(server).get(`${prefix()}/${face}`).expect(200)
  })

  test('answers every artifact under its three names with the bytes its digest promises', async () => {
    for (const [name, { digest }] of release.artifacts) {
      for (const alias of ['', 'agents/', 'skills/']) {
        const response = await raw(`${prefix()}/${alias}${name}`)
          .set('Accept-Encoding', 'identity')
          .expect(200)
        expect(sha(response.body)).toBe(digest)
        expect(response.headers).toMatchObject({ etag: `"${digest}"`, 'mill-release': release.id })
      }
    }
  })

  test('answers HEAD like GET without a body, and 304 to a client that has it', async () => {
    const got = await request(server).get(`${prefix()}/${PROMPT}`).set('Accept-Encoding', 'identity')
    const head = await request(server)
      .head(`${prefix()}/${PROMPT}`)
      .set('Accept-Encoding', 'identity')
      .expect(200)
    expect(head.text).toBeUndefined()
    for (const name of ['etag', 'content-type', 'content-length', 'cache-control', 'vary'] as const) {
      expect(head.headers[name]).toBe(got.headers[name])
    }
    const again = await request(server)
      .get(`${prefix()}/${PROMPT}`)
      .set({
        'Accept-Encoding': 'identity',
        'If-None-Match': String(got.headers.etag),
        'Cache-Control': 'no-cache',
      })
    expect([again.status, again.text]).toEqual([304, ''])
    expect(again.headers.etag).toBe(got.headers.etag)
  })

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)(
    'answers %s with 405 and Allow',
    async (method) => {
      const lower = method.toLowerCase() as 'post' | 'put' | 'delete' | 'patch' | 'options'
      const response = await request(server)[lower](`${prefix()}/agent-menu.json`).expect(405)
      expect(response.headers.allow).toBe('GET, HEAD')
    },
  )
})

test('createApp() lets caches keep what is below /v/ and nothing else', async () => {
  const cacheControl = async (path: string) => (await request(server).get(path)).headers['cache-control']
  expect(await cacheControl(`/v/${release.id}/agent-menu.json`)).toBe('public, max-age=31536000, immutable')
  const others = [
    '/agent-menu.json',
    `/channels/dev/${PROMPT}`,
    '/channels',
    '/healthz',
    '/nothing',
    '/v/x/y',
  ]
  for (const path of others) expect(await cacheControl(path)).toBe('no-cache')
})

test('createApp() sends the coding that was asked for, and it decodes to the digest', async () => {
  const name = [...release.artifacts.values()].find(
    ({ bytes, mediaType }) => mediaType !== 'application/zip' && bytes.length > 500,
  )?.name
  const { digest } = release.artifacts.get(name ?? '')!
  for (const [coding, decode, suffix] of [
    ['br', brotliDecompressSync, '-br'],
    ['gzip', gunzipSync, '-gz'],
  ] as const) {
    // superagent decodes gzip and br by itself, so the header is what is left to see; the decoder proves the digest.
    const response = await raw(`/${name}`).set('Accept-Encoding', coding).expect(200)
    expect(response.headers).toMatchObject({
      'content-encoding': coding,
      vary: 'Accept-Encoding',
      etag: `"${digest}${suffix}"`,
    })
    const plain = sha(response.body) === digest ? response.body : decode(response.body)
    expect(sha(plain)).toBe(digest)
  }
  const menu = await request(server).get('/agent-menu.json').set('Accept-Encoding', 'br').expect(200)
  expect(menu.headers['content-encoding']).toBe('br')
  const zip = await raw('/skills-mcp-resources.zip').set('Accept-Encoding', 'br, gzip').expect(200)
  expect(zip.headers['content-encoding']).toBeUndefined()
})

test('createApp() does not take one coding for another when it compares tags', async () => {
  const { etag } = (await request(server).get('/agent-menu.json').set('Accept-Encoding', 'br')).headers
  await request(server)
    .get('/agent-menu.json')
    .set({ 'Accept-Encoding': 'gzip', 'If-None-Match': String(etag) })
    .expect(200)
  await request(server)
    .get('/agent-menu.json')
    .set({ 'Accept-Encoding': 'br', 'If-None-Match': String(etag) })
    .expect(304)
})

test('createApp() names types, and what is not live', async () => {
  const type = async (path: string) => (await request(server).get(path)).headers['content-type']
  expect(await type('/agent-menu.json')).toBe('application/json; charset=utf-8')
  expect(await type(`/${PROMPT}`)).toBe('text/markdown; charset=utf-8')
  expect(await type('/SHA256SUMS')).toBe('text/plain; charset=utf-8')
  expect(await type('/skills-mcp-resources.zip')).toBe('application/zip')
  const headers = async (name: string) => (await request(server).get(`/channels/${name}/${PROMPT}`)).headers
  expect(await headers('dev')).not.toHaveProperty('mill-status')
  expect(await headers('dev')).toHaveProperty('mill-channel', 'dev')
  expect(await headers('old')).toHaveProperty('mill-status', 'retired')
  expect(await headers('torn')).toHaveProperty('mill-status', 'stale')
  expect((await request(server).get(`/v/${release.id}/${PROMPT}`)).headers).not.toHaveProperty('mill-channel')
})

test('createApp() explains that an empty channel has nothing yet', async () => {
  const { body } = await request(server).get('/channels/bare/agent-menu.json').expect(503)
  expect(body.error).toBe('channel/empty')
  expect(body.message).toContain('"bare"')
})

test('createApp() tells health and channels', async () => {
  const health = await request(server).get('/healthz').expect(200)
  expect(health.body).toMatchObject({ status: 'ok', root: 'dev', channels: { dev: 'live', bare: 'empty' } })
  const list = channelListSchema.parse((await request(server).get('/channels').expect(200)).body)
  expect(list.channels.map(({ status }) => status)).toEqual(['live', 'retired', 'stale', 'empty'])
  const one = channelStatusSchema.parse((await request(server).get('/channels/dev').expect(200)).body)
  expect(one).toEqual(list.channels[0])
})

test.each(['/channels', '/channels/dev', '/openapi.json', '/catalog/channels'])(
  '%s is coded, and costs nothing who has it',
  async (path) => {
    const got = await request(server).get(path).set('Accept-Encoding', 'br').expect(200)
    expect(got.headers['cache-control']).toBe('no-cache')
    expect(got.headers.vary).toBe('Accept-Encoding')
    const { etag = '' } = got.headers
    for (const [coding, status] of [
      ['br', 304],
      ['gzip', 200],
    ] as const) {
      const asked = { 'Accept-Encoding': coding, 'If-None-Match': etag }
      await request(server).get(path).set(asked).expect(status)
    }
  },
)

test('createApp() ignores a query', async () => {
  await request(server).get(`/${PROMPT}?v=1&__proto__[x]=2`).expect(200)
  await request(server).get('/channels?x').expect(200)
})
