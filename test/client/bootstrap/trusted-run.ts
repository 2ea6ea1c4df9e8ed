import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type BootstrappedRegistry, bootstrap } from '../../../client/bootstrap/bootstrap.ts'
import { openTrust } from '../../../client/bootstrap/open-trust.ts'

/** A user with a home of their own, and an app of theirs. */
export interface User {
  readonly home: string
  readonly app: string
  /** What they were told. */
  readonly notices: string[]
}

/** One whose folders are gone when the test has ended. */
export function someUser(): User {
  const room = mkdtempSync(join(tmpdir(), 'mill-user-'))
  onTestFinished(() => rmSync(room, { recursive: true, force: true }))
  return { home: join(room, 'home'), app: room, notices: [] }
}

export interface Begun {
  readonly base: string
  readonly key: string
  readonly user: User
  readonly now?: () => number
  readonly timeoutMs?: number
  readonly totalMs?: number
  readonly fetch?: typeof globalThis.fetch
}

/** Fetches all that a run needs, as a new process of that user does. */
export async function begin({
  base,
  key,
  user,
  now = Date.now,
  ...more
}: Begun): Promise<BootstrappedRegistry> {
  const trust = await openTrust({
    key,
    cwd: '/',
    now,
    folders: { state: join(user.home, 'state'), cache: join(user.home, 'cache') },
    notice: (sentence) => void user.notices.push(sentence),
  })
  const skillsFolder = join(user.app, 'skills')
  rmSync(skillsFolder, { recursive: true, force: true })
  return bootstrap({
    ...{ base, flow: 'demo', framework: 'nextjs', app: user.app, skillsFolder, trust },
    ...{ signal: new AbortController().signal, pauseMs: 1, ...more },
  })
}
