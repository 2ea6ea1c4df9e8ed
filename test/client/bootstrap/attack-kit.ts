import { existsSync, readdirSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { type Attack, keyPair, pointerOf, type SignedSite, signedRelease, signedSite } from './signed-site.ts'
import { begin, someUser } from './trusted-run.ts'

/** The key that is pinned. */
export const { key, line } = keyPair()
/** A release that was served before. */
export const old = signedRelease('old')
/** The release that is served. */
export const current = signedRelease('current')
/** Milliseconds. */
export const HOUR = 3_600_000
/** What the channel points at. */
export const honest = pointerOf({ key, release: current.id, serial: 5, lifetimeMs: HOUR })
/** The server of a whole test file. */
export let site: SignedSite
/** Address of a server that nobody should ask. */
export let elsewhere: string
let strayed = 0
beforeAll(async () => {
  site = await signedSite(old, current)
  const other = createServer((_request, response) => {
    strayed += 1
    response.end('evil')
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  return () => void other.close()
})
afterAll(() => site.close())

/** A run that is attacked, and what came of it: nothing installed, nobody else asked, nothing believed afterwards. */
export async function attacked(what: {
  readonly pointer?: unknown
  readonly attack?: Attack
  readonly seen?: boolean
}) {
  const user = someUser()
  const run = { base: site.base, key: line, user, timeoutMs: 10_000 }
  onTestFinished(() => {
    site.attack = () => false
  })
  site.attack = () => false
  site.tell(honest)
  if (what.seen) await begin(run)
  site.asked.length = 0
  site.tell(what.pointer ?? honest)
  site.attack = what.attack ?? (() => false)
  const error: unknown = await begin(run).catch((thrown: unknown) => thrown)
  const skills = join(user.app, 'skills')
  expect(existsSync(skills) ? readdirSync(skills) : []).toEqual([])
  expect(strayed).toBe(0)
  expect(site.asked.length).toBeLessThanOrEqual(12)
  // Whatever it said, the honest server is believed again.
  site.tell(honest)
  site.attack = () => false
  expect((await begin(run)).release).toBe(current.id)
  return error
}

/** Does it to one file of the release, or to the pointer, and leaves the others. */
export const to =
  (name: string, act: (response: ServerResponse, bytes: Buffer) => void): Attack =>
  (path, response) => {
    if (!path.endsWith(name)) return false
    act(
      response,
      current.files.get(name) ?? Buffer.from(JSON.stringify({ channel: 'main', pointer: honest })),
    )
    return true
  }
/** Answers for an archive with that status, and its bytes. */
export const answer = (status: number, headers: Record<string, string | string[]> = {}) =>
  to('naming.zip', (response, bytes) => void response.writeHead(status, headers).end(bytes))
/** Writes without end, as fast as it is read. */
export const flood = (response: ServerResponse) => {
  const more = () => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
  }
  response.on('drain', more)
  more()
}
