import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { artifactCache } from '../../../client/bootstrap/artifact-cache.ts'
import { pointerMemory } from '../../../client/bootstrap/pointer-memory.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { keyPair, pointerOf, type SignedSite, signedRelease, signedSite } from './signed-site.ts'
import { begin, someUser, type User } from './trusted-run.ts'

const { key, line } = keyPair()
const release = signedRelease('first')
const next = signedRelease('next')
const HOUR = 3_600_000
const signed = (serial: number, lifetimeMs = HOUR) =>
  pointerOf({ key, release: serial === 5 ? release.id : next.id, serial, lifetimeMs })

let site: SignedSite
let user: User
let isOpen = true
beforeEach(async () => {
  site = await signedSite(release, next)
  user = someUser()
  site.tell(signed(5))
  isOpen = true
})
const close = async () => {
  if (isOpen) await site.close()
  isOpen = false
}
afterEach(close)
const again = (more: { readonly now?: () => number; readonly base?: string } = {}) =>
  begin({ base: site.base, key: line, user, ...more })
const filesOf = (folder: string) => readdirSync(join(user.home, folder)).filter((name) => name !== 'lock')

describe('a run with a key', () => {
  test('asks for the pointer, the index and each artifact once, and the next run for the pointer alone', async () => {
    const registry = await again()
    expect(registry).toMatchObject({ release: release.id, channel: 'main', contracts: { task: 'Do first' } })
    expect([...registry.skills.values()].map(({ folder }) => folder)).toEqual([
      'skills/naming',
      'skills/capture-nextjs',
    ])
    const first = [...site.asked]
    expect(first).toHaveLength(5)
    expect(new Set(first).size).toBe(5)
    await again()
    expect(site.asked.slice(5)).toEqual(['/channels/main'])
  })

  test('reads a pointer that a static host serves as a file', async () => {
    site.attack = (path, response) => {
      if (path === '/channels/main') response.writeHead(404).end()
      else if (path === '/channels/main.json')
        response.end(JSON.stringify({ channel: 'main', pointer: signed(5) }))
      return path.startsWith('/channels/')
    }
    expect((await again()).release).toBe(release.id)
  })

  test('goes by the digest that an address of a release has for a name', async () => {
    expect(await again({ base: `${site.site}/v/${release.id}/` })).toMatchObject({ channel: null })
    const other = again({ base: `${site.site}/v/${'ab'.repeat(32)}` })
    await expect(other).rejects.toMatchObject({ code: 'run/not-served' })
    await expect(again({ base: site.site })).rejects.toMatchObject({ code: 'trust/no-channel', exit: 2 })
  })

  test('begins offline with what was fetched, until the pointer expires, and says so', async () => {
    await again()
    await close()
    const registry = await again()
    expect(registry).toMatchObject({ release: release.id, contracts: { task: 'Do first' } })
    expect(user.notices).toEqual([
      expect.stringMatching(/^Cannot reach .*\nGoing on with serial 5 of "main"/),
    ])
    const late = again({ now: () => Date.now() + 2 * HOUR })
    await expect(late).rejects.toMatchObject({ code: 'trust/expired' })
  })

  test('does not begin offline with what it has never fetched, or what is no longer what it was', async () => {
    await close()
    await expect(again()).rejects.toMatchObject({ code: 'run/server-unreachable' })
  })

  test('fetches again what was changed in its cache', async () => {
    await again()
    for (const name of filesOf('cache/artifacts'))
      writeFileSync(join(user.home, 'cache/artifacts', name), 'evil')
    expect((await again()).contracts.task).toBe('Do first')
    for (const name of filesOf('cache/artifacts'))
      writeFileSync(join(user.home, 'cache/artifacts', name), 'evil')
    await close()
    await expect(again()).rejects.toMatchObject({ code: 'run/server-unreachable' })
  })

  test('goes forward with the channel, and back with a later serial only', async () => {
    await again()
    site.tell(signed(6))
    expect((await again()).release).toBe(next.id)
    site.tell(signed(5))
    await expect(again()).rejects.toMatchObject({
      code: 'trust/rollback',
      message: expect.stringContaining('expected 6 or more, came 5'),
    })
    site.tell(pointerOf({ key, release: release.id, serial: 7, lifetimeMs: HOUR }))
    expect((await again()).release).toBe(release.id)
  })

  test('refuses to go on when what it remembers was changed, and forgets nothing for another user', async () => {
    await again()
    const [name = ''] = filesOf('state/pointers')
    const file = join(user.home, 'state/pointers', name)
    const text = readFileSync(file, 'utf8')
    for (const lie of [text.replace('"serial": 5', '"serial": 1'), text.slice(0, 40), '{}', '']) {
      writeFileSync(file, lie)
      await expect(again()).rejects.toMatchObject({ code: 'trust/memory' })
    }
    rmSync(file)
    expect((await again()).release).toBe(release.id)
  })

  test('says what is no key', async () => {
    for (const named of ['ed25519:abc', '/nowhere', 'rsa:x']) {
      const refused = begin({ base: site.base, key: named, user })
      await expect(refused).rejects.toMatchObject({ code: 'trust/key', exit: 2 })
    }
  })
})

test('pointerMemory() ends with the highest serial, whoever writes at the same time', async () => {
  const memory = pointerMemory(join(user.home, 'state'))
  const of = { key: key.id, site: site.site, channel: 'main' }
  expect(await memory.recall(of)).toBeNull()
  const serials = [3, 9, 1, 7, 2, 8]
  await Promise.all(serials.map((serial) => memory.keep(of, pointerOf({ key, release: next.id, serial }))))
  expect((await memory.recall(of))?.serial).toBe(9)
  expect(await memory.recall({ ...of, channel: 'other' })).toBeNull()
})

test('artifactCache() holds what it is asked for, and lets the oldest go', async () => {
  const cache = artifactCache(join(user.home, 'cache'), 100)
  const all = Array.from({ length: 5 }, (_, at) => Buffer.alloc(40, at))
  for (const bytes of all) await cache.put(digestOf(bytes), bytes)
  const held = await Promise.all(all.map((bytes) => cache.get(digestOf(bytes))))
  expect(held.filter((bytes) => bytes !== null)).toHaveLength(2)
  await expect(cache.get('../../etc/passwd')).rejects.toThrow()
})
