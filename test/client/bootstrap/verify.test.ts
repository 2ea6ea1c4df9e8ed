import { expect, test } from 'vitest'
import { parseBase, parseMenu, sameOrigin, verifyBytes } from '../../../client/bootstrap/verify.ts'
import { agentMenuSchema } from '../../../schemas/agent-menu.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { fc } from '../../properties.ts'

const bytes = Buffer.from('a skill')
const promised = { name: 'skill "x"', digest: digestOf(bytes), size: bytes.length }

test('verifyBytes() answers what was promised and nothing else', () => {
  expect(verifyBytes(promised, bytes)).toBe(bytes)
  expect(() => verifyBytes(promised, Buffer.from('A skill'))).toThrow(
    expect.objectContaining({
      code: 'run/digest-mismatch',
      message: expect.stringMatching(new RegExp(`skill "x".*${promised.digest}.*${digestOf('A skill')}`)),
    }),
  )
  expect(() => verifyBytes(promised, bytes.subarray(1))).toThrow('expected 7 bytes, got 6')
})

test('verifyBytes() notices any one flipped bit', () => {
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const flipped = Buffer.from(bytes)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => verifyBytes(promised, flipped)).toThrow('expected SHA-256')
    }),
  )
})

test('parseMenu() names the URL, the place and what was wanted', () => {
  const url = 'http://localhost/agent-menu.json'
  const menu = {
    version: '1.0',
    buildVersion: 'x',
    releaseUrl: 'http://localhost/v/x/',
    agents: [],
    flows: [],
  }
  const parse = (value: unknown) => () => parseMenu(agentMenuSchema, url, Buffer.from(JSON.stringify(value)))
  expect(parse(menu)()).toEqual(menu)
  const flow = { id: 'Bad Id', downloadUrl: 'http://localhost/x', digest: digestOf(''), size: 0 }
  for (const [value, said] of [
    [{ ...menu, flows: [flow] }, 'at flows.0.id: expected a flow name'],
    [{ ...menu, flows: [{ ...flow, id: '../../escaped' }] }, 'at flows.0.id: expected a flow name'],
    [{ ...menu, version: '2.0' }, 'at version: '],
    [{}, '(and 4 more)'],
    [[], 'at the document: '],
  ] as const) {
    expect(parse(value)).toThrow(expect.objectContaining({ code: 'run/menu-invalid' }))
    expect(parse(value)).toThrow(said)
    expect(parse(value)).toThrow(`Cannot read "${url}": `)
  }
  for (const text of [Buffer.from('<html>'), Buffer.from([0x22, 0xff, 0x22])]) {
    expect(() => parseMenu(agentMenuSchema, url, text)).toThrow('expected JSON')
  }
})

test('sameOrigin() lets only the origin of the base through', () => {
  const base = 'http://localhost:8765/channels/dev'
  expect(sameOrigin(base, 'http://LOCALHOST:8765/v/x.zip').pathname).toBe('/v/x.zip')
  for (const url of [
    'http://localhost:8766/x',
    'https://localhost:8765/x',
    'http://127.0.0.1:8765/x',
    'http://localhost.evil.example:8765/x',
    'http://localhost:8765@evil.example/x',
    'http://user:pass@localhost:8765/x',
    'file:///etc/passwd',
    '//evil.example/x',
    'x.zip',
    'data:text/plain,x',
  ]) {
    expect(() => sameOrigin(base, url)).toThrow(expect.objectContaining({ code: 'run/foreign-url' }))
  }
})

test('parseBase() wants an address of a server', () => {
  expect(parseBase('https://mill.example/x').origin).toBe('https://mill.example')
  for (const base of ['localhost:8765', 'file:///x', '', 'ftp://x']) {
    expect(() => parseBase(base)).toThrow(expect.objectContaining({ code: 'run/base-invalid', exit: 2 }))
  }
})
