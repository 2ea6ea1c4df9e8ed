import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { times } from '../../times.ts'
import { HAS_STRACE, type Publisher, publisher, tampered } from './child.ts'
import { releaseOf } from './release-of.ts'
import { scratch, served } from './stores.ts'

const KILLS = times(12, 200)

/** Every object is of a release, and nothing is being written. */
function isSwept(store: string, releases: number): boolean {
  const plain = readdirSync(join(store, 'objects')).filter((name) => /^[0-9a-f]{64}$/.test(name))
  return plain.length === releases + 1 && readdirSync(join(store, 'drafts')).length === 0
}

test(`publish() survives ${KILLS} kills: what was acknowledged is there, and what is there is whole`, {
  timeout: 570_000,
}, async () => {
  const store = scratch()
  const acknowledged = new Map<number, string>()
  let publications = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = await publisher(store)
    let isAlive = true
    // Every other one is killed in its first publication, when nothing is warm yet.
    if (kill % 2 === 0) await child.publish('dev', 'shared', `first-${kill}`)
    setTimeout(
      () => {
        isAlive = false
        void child.kill()
      },
      (kill * 7) % 90,
    )
    while (isAlive) {
      publications += 1
      await child.publish('dev', 'shared', `word-${publications}`)
    }
    await child.kill()
    for (const { serial, release } of child.acknowledged()) {
      expect(acknowledged.get(serial) ?? release).toBe(release)
      acknowledged.set(serial, release)
    }
    const now = await served(store, 'dev')
    const highest = Math.max(...acknowledged.keys())
    expect(now.serial).toBeGreaterThanOrEqual(highest)
    if (now.serial === highest) expect(now.release).toBe(acknowledged.get(highest))
  }
  expect(acknowledged.size).toBeGreaterThan(KILLS / 2)
})

test.skipIf(!HAS_STRACE)(
  'publish() can be killed at any call to the kernel',
  { timeout: 570_000 },
  async () => {
    const stride = times(24, 1)
    let killed = 0
    for (let at = 1; ; at += stride) {
      const store = scratch()
      const child = await publisher(store)
      await child.publish('dev', 'shared', 'one')
      const inject = ['-e', 'trace=%file,%desc', '-e', `inject=%file,%desc:signal=KILL:when=${at}`]
      const answer = await tampered({ pid: child.pid, thread: 'disk', inject }, () => two(child)).catch(
        () => 'gone',
      )
      const now = await served(store, 'dev')
      expect([releaseOf('shared', 'one').id, releaseOf('shared', 'two').id]).toContain(now.release)
      await child.kill()
      if (answer !== 'gone') {
        expect(now).toEqual({ serial: 2, release: releaseOf('shared', 'two').id })
        break
      }
      killed += 1
      const next = await publisher(store)
      expect(await next.publish('dev', 'shared', 'three')).toMatch(/^ok [23] /)
      const left = readdirSync(join(store, 'releases')).length
      expect(isSwept(store, left), `killed at call ${at}`).toBe(true)
      await next.kill()
    }
    expect(killed * stride).toBeGreaterThan(60)
  },
)

const two = (child: Publisher) => child.publish('dev', 'shared', 'two')
