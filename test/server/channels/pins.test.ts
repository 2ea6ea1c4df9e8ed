import { expect, test } from 'vitest'
import { pinChannel, unpinChannel } from '../../../build/publish/steer.ts'
import { repoWithContent } from '../repo.ts'
import { greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, greeting, running } from '../serving.ts'
import { followed } from './followed.ts'

const GREET = 'agents/hello/greet.md'

/** Three commits of main, and a store in which each has been published. */
async function published() {
  const repo = repoWithContent()
  const dir = scratch()
  const say = (goal: string) => {
    write(repo.content, { [GREET]: greetPrompt(goal) })
    repo.commit(goal)
  }
  const server = await followed(repo.content, dir)
  for (const goal of ['One.', 'Two.']) {
    say(goal)
    await server.refreshBranches()
  }
  const entries = await server.store.history('main')
  const old = entries.at(-1)?.release ?? ''
  // As another process does it.
  const now = () => new Date()
  const other = {
    pin: (channel: string, release: string, from: string | null) =>
      pinChannel({ store: dir, channel, release, from, now }),
    unpin: (channel: string) => unpinChannel({ store: dir, channel, now }),
  }
  return { repo, dir, say, server, old, other }
}

test('refreshBranches() lets a channel answer with its pin while builds go on beside it', async () => {
  const { server, old, other, say } = await published()
  const before = await server.after('main')
  await other.pin('main', old, null)
  const pinned = await server.after('main')
  expect(pinned).toMatchObject({
    status: 'live',
    pin: { release: old },
    pointer: { release: old, serial: 3 },
  })
  expect(pinned?.newest?.release).toBe(before?.pointer?.release)
  expect(server.text('main', 'agents-hello-greet.md')).toContain('One.')
  say('Three.')
  const held = await server.after('main')
  expect(held?.pointer).toEqual(pinned?.pointer)
  expect(held?.newest?.release).not.toBe(pinned?.newest?.release)
  expect(server.text('main', 'agents-hello-greet.md')).toContain('One.')
  await other.unpin('main')
  const free = await server.after('main')
  expect(free).not.toHaveProperty('pin')
  expect(free?.pointer?.serial).toBeGreaterThan(held?.pointer?.serial ?? 0)
  expect(server.text('main', 'agents-hello-greet.md')).toContain('Three.')
})

test('refreshBranches() keeps a pin through a broken build, a retirement and a restart', async () => {
  const { repo, dir, server, old, other, say } = await published()
  await other.pin('main', old, null)
  write(repo.content, { [GREET]: 'broken' })
  repo.commit('broken')
  expect(await server.after('main')).toMatchObject({ status: 'stale', pin: { release: old } })
  expect(server.text('main', 'agents-hello-greet.md')).toContain('One.')
  const again = await followed(repo.content, dir)
  expect(await again.after('main')).toMatchObject({ pin: { release: old }, pointer: { release: old } })
  say('Sound.')
  expect(await again.after('main')).toMatchObject({
    status: 'live',
    pin: { release: old },
    pointer: { release: old },
  })
  expect(again.text('main', 'agents-hello-greet.md')).toContain('One.')
})

test('serve() follows a pin of another process without a restart, of dev too', async () => {
  const { repo, dir, old, other } = await published()
  const server = await running(repo.content, { store: dir })
  expect(await greeting(server, '')).toContain('Two.')
  for (const name of ['main', 'dev']) {
    await other.pin(name, old, name === 'dev' ? 'main' : null)
    const pinned = await eventually(
      () => channel(server, name),
      (one) => one?.pin !== undefined,
    )
    expect(pinned).toMatchObject({ pointer: { release: old }, pin: { release: old } })
    expect(await greeting(server, `/channels/${name}`)).toContain('One.')
  }
  await other.unpin('main')
  await eventually(
    () => channel(server, 'main'),
    (one) => one?.pin === undefined,
  )
  expect(await greeting(server, '')).toContain('Two.')
  expect(server.bugs).toEqual([])
})
