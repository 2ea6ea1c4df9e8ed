import request from 'supertest'
import { expect, test } from 'vitest'
import { release, server } from '../app-server.ts'

const prompt = release.artifacts.get('agents-hello-greet.md')!
const size = prompt.bytes.length
const url = `/v/${release.id}/${prompt.name}`
const plain = { 'Accept-Encoding': 'identity' }

test.each([
  ['/v/', url],
  ['a channel', `/channels/dev/${prompt.name}`],
])('a file below %s is sent in parts', async (_, path) => {
  const ask = (headers: Record<string, string>) =>
    request(server)
      .get(path)
      .set({ ...plain, ...headers })
  const whole = await ask({}).expect(200)
  expect(whole.headers['accept-ranges']).toBe('bytes')
  const part = await ask({ Range: 'bytes=5-9' }).expect(206)
  expect(part.text).toBe(whole.text.slice(5, 10))
  expect(part.headers).toMatchObject({
    'content-range': `bytes 5-9/${size}`,
    'content-length': '5',
    etag: `"${prompt.digest}"`,
    'x-content-type-options': 'nosniff',
  })
  const beyond = await ask({ Range: `bytes=${size}-` }).expect(416)
  expect(beyond.headers['content-range']).toBe(`bytes */${size}`)
  expect(beyond.headers).toHaveProperty('x-content-type-options')
  expect(beyond.body.error).toBe('request/range')
  expect(beyond.headers).not.toHaveProperty('etag')
})

test('a part is refused to one who began with other bytes', async () => {
  const ask = (condition: string) =>
    request(server)
      .get(url)
      .set({ ...plain, Range: 'bytes=0-0', 'If-Range': condition })
  await ask(`"${prompt.digest}"`).expect(206)
  for (const other of [`W/"${prompt.digest}"`, `"${prompt.digest}-br"`, new Date().toUTCString()]) {
    expect((await ask(other).expect(200)).text).toHaveLength(size)
  }
})

test('a range is answered with all of a coded body, with the head of all to HEAD, and with nothing to one who has it', async () => {
  const ranged = { Range: 'bytes=0-0' }
  const coded = await request(server)
    .get(url)
    .set({ ...ranged, 'Accept-Encoding': 'br' })
    .expect(200)
  expect(coded.headers).toMatchObject({ 'content-encoding': 'br' })
  expect(coded.headers).not.toHaveProperty('accept-ranges')
  const head = await request(server)
    .head(url)
    .set({ ...ranged, ...plain })
    .expect(200)
  expect(head.headers['content-length']).toBe(String(size))
  const had = { 'If-None-Match': `"${prompt.digest}"` }
  await request(server)
    .get(url)
    .set({ ...ranged, ...plain, ...had })
    .expect(304)
})
