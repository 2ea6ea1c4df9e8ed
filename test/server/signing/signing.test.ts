import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ChannelPointer } from '../../../schemas/channel.ts'
import { channelPointerSchema } from '../../../schemas/channel.ts'
import { doubtsOf } from '../../../schemas/pointer-doubts.ts'
import { parsePublicKey } from '../../../schemas/public-key.ts'
import { newKey, parsePrivateKey } from '../../../server/signing/keys.ts'
import { sealed } from '../../../server/signing/pointer.ts'
import { fc } from '../../properties.ts'
import { problemsOf } from '../commands/published.ts'
import { runMill } from '../commands/run-mill.ts'
import { contentFolder, scratch } from '../scratch.ts'
import { running } from '../serving.ts'

const POINTER: ChannelPointer = {
  channel: 'main',
  release: 'ab'.repeat(32),
  serial: 7,
  commit: 'cd'.repeat(20),
  publishedAt: '2026-01-02T03:04:05.000Z',
}
const NOW = new Date('2026-01-03T00:00:00.000Z')
const now = () => NOW

function pair() {
  const { privateText, publicLine } = newKey()
  const [key, trusted] = [parsePrivateKey(privateText), parsePublicKey(publicLine)]
  if (key === undefined || trusted === undefined) throw new Error('a new key cannot be read')
  return { key, trusted }
}
const { key, trusted } = pair()
const codes = (pointer: ChannelPointer, trust: Partial<Parameters<typeof doubtsOf>[1]> = {}) =>
  doubtsOf(pointer, { key: trusted, now: NOW, ...trust }).map(({ code }) => code)

describe('doubtsOf()', () => {
  test('has none about a pointer that its key has signed, and the schema takes it', () => {
    const signed = sealed(POINTER, { key, lifetimeMs: 1000, now })
    expect(codes(signed)).toEqual([])
    expect(channelPointerSchema.parse(JSON.parse(JSON.stringify(signed)))).toEqual(signed)
  })

  test('doubts every field that was changed, added or taken away after it was signed', () => {
    const signed = sealed(POINTER, { key, lifetimeMs: 1000, now })
    const changes: Partial<ChannelPointer>[] = [
      { channel: 'other' },
      { release: 'ac'.repeat(32) },
      { serial: 8 },
      { commit: null },
      { commit: 'ce'.repeat(20) },
      { publishedAt: '2026-01-02T03:04:06.000Z' },
      { expires: '2027-01-01T00:00:00.000Z' },
    ]
    for (const change of changes)
      expect(codes({ ...signed, ...change }), JSON.stringify(change)).toEqual(['signature'])
    const { expires: _, ...endless } = signed
    expect(codes(endless)).toEqual(['signature'])
    const { signature: __, ...unsigned } = signed
    expect(codes(unsigned)).toEqual(['unsigned'])
  })

  test('tells another key, an end that has come, and a step back apart', () => {
    expect(codes(sealed(POINTER, { key: pair().key, now }))).toEqual(['wrong-key'])
    expect(
      codes(sealed(POINTER, { key, lifetimeMs: 1000, now }), { now: new Date(NOW.getTime() + 999) }),
    ).toEqual([])
    const late = { now: new Date(NOW.getTime() + 1000) }
    expect(codes(sealed(POINTER, { key, lifetimeMs: 1000, now }), late)).toEqual(['expired'])
    expect(codes(sealed(POINTER, { key, now }), { minSerial: 7 })).toEqual([])
    expect(codes(sealed(POINTER, { key, now }), { minSerial: 8 })).toEqual(['serial'])
    expect(codes(POINTER, { key: undefined })).toEqual([])
  })

  test('takes no signature under the name of another key', () => {
    const forged = sealed(POINTER, { key: { ...pair().key, id: key.id }, now })
    expect(codes(forged)).toEqual(['signature'])
  })

  test('takes no signature with a bit flipped', () => {
    const { signature, ...rest } = sealed(POINTER, { key, now })
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const bytes = Buffer.from(signature?.value ?? '', 'base64')
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        const value = bytes.toString('base64')
        expect(codes({ ...rest, signature: { key: key.id, value } })).toEqual(['signature'])
      }),
    )
  })
})

describe('mill keygen', () => {
  test('keeps the private key to its owner, prints the public one in one line, and replaces neither', async () => {
    const dir = scratch()
    const { out, err, code } = await runMill(['keygen', '--out', 'keys'], dir)
    expect([code, out]).toEqual([0, expect.stringMatching(/^ed25519:[A-Za-z0-9+/]{43}=\n$/)])
    const file = join(dir, 'keys/mill-signing-key.pem')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const secret = readFileSync(file, 'utf8').split('\n')[1] ?? ''
    expect(secret.length).toBeGreaterThan(40)
    expect(out + err).not.toContain(secret)
    expect(readFileSync(join(dir, 'keys/mill-signing-key.pub'), 'utf8')).toBe(out)
    expect(await runMill(['keygen', '--out', 'keys'], dir)).toMatchObject({ code: 2, error: 'keygen/exists' })
    expect(readFileSync(file, 'utf8')).toContain(secret)
    expect(readdirSync(join(dir, 'keys'))).toHaveLength(2)
  })

  test('a key that others can read, or that is none, signs nothing, and no message shows it', async () => {
    const content = contentFolder()
    const dir = join(content, '..')
    await runMill(['keygen'], dir)
    const file = join(dir, 'mill-signing-key.pem')
    const publish = (sign: string) =>
      runMill(['publish', '--to', 'site', '--base-url', 'http://x.test', '--offline', '--sign', sign], dir)
    chmodSync(file, 0o644)
    const exposed = await publish(file)
    expect(exposed).toMatchObject({ code: 2, error: 'key/exposed' })
    expect(exposed.err).not.toContain(readFileSync(file, 'utf8').split('\n')[1])
    chmodSync(join(dir, 'mill-signing-key.pub'), 0o600)
    expect(await publish('mill-signing-key.pub')).toMatchObject({ error: 'key/kind' })
    expect(await publish('none.pem')).toMatchObject({ error: 'key/unreadable' })
    expect(await runMill(['verify', '.', '--key', 'ed25519:short'], dir)).toMatchObject({
      error: 'key/public',
    })
    expect(readdirSync(dir)).not.toContain('site')
  })
})

test('a server that holds a key signs what it tells of its channels, and renews it before it ends', async () => {
  const dir = scratch()
  await runMill(['keygen'], dir)
  const line = readFileSync(join(dir, 'mill-signing-key.pub'), 'utf8').trim()
  const own = parsePrivateKey(readFileSync(join(dir, 'mill-signing-key.pem'), 'utf8'))
  let time = Date.now()
  const seal = { key: own, lifetimeMs: 60_000, now: () => new Date(time) }
  const server = await running(contentFolder(), { seal })
  expect(await problemsOf(server.url, '--key', line)).toEqual([])
  const other = newKey().publicLine
  expect(new Set((await problemsOf(server.url, '--key', other)).map(({ code }) => code))).toEqual(
    new Set(['verify/wrong-key']),
  )
  const expires = async () => (await server.channels()).channels[0]?.pointer?.expires
  const first = await expires()
  time += 29_000
  expect(await expires()).toBe(first)
  time += 2_000
  expect(await expires()).toBe(new Date(time + 60_000).toISOString())
})

test('--expires takes durations and nothing else', async () => {
  for (const text of ['0s', '-1h', '1w', '12', 'h', '1.5h', '999999s']) {
    const ended = await runMill(
      ['publish', '--to', 'x', '--base-url', 'http://x.test', '--expires', text],
      scratch(),
    )
    expect([text, ended.code, ended.err]).toEqual([text, 2, expect.stringContaining('expected a duration')])
  }
})
