import { expect, test } from 'vitest'
import { publish } from '../../../build/publish.ts'
import { releaseOf } from '../../build/publish/release-of.ts'
import { times } from '../../times.ts'
import { repoWithContent } from '../repo.ts'
import { greetPrompt, scratch, write } from '../scratch.ts'
import { followed } from './followed.ts'

const GREET = 'agents/hello/greet.md'
const X = 'experiment-x'
const ROUNDS = times(12, 100)

/** A repository whose branch experiment/x is checked out, and a way to commit another prompt there. */
function repoWithBranch() {
  const repo = repoWithContent()
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  const say = (goal: string) => {
    write(repo.content, { [GREET]: greetPrompt(goal) })
    return repo.commit(goal)
  }
  return { ...repo, say }
}

test(`refreshBranches() serves ${ROUNDS} force-pushes with a rising serial, and tells each until the branch moves on`, async () => {
  const repo = repoWithBranch()
  const base = repo.git('rev-parse', 'HEAD')
  const server = await followed(repo.content)
  expect(await server.after(X)).toMatchObject({ status: 'live', rewound: false, pointer: { serial: 1 } })
  repo.say('Forward.')
  expect(await server.after(X)).toMatchObject({ rewound: false, pointer: { serial: 2 } })
  for (let round = 0; round < ROUNDS; round++) {
    repo.git('reset', '--quiet', '--hard', base)
    const commit = repo.say(`Round ${round}.`)
    const pointer = { serial: round + 3, commit }
    expect(await server.after(X)).toMatchObject({ status: 'live', rewound: true, pointer })
  }
  expect(await server.after(X)).toMatchObject({ rewound: true })
  repo.say('And on.')
  expect(await server.after(X)).toMatchObject({ rewound: false, pointer: { serial: ROUNDS + 3 } })
  expect(server.text(X, 'agents-hello-greet.md')).toContain('And on.')
})

test('refreshBranches() still tells of a rewound branch after a restart, and after the old commit is pruned', async () => {
  const repo = repoWithBranch()
  const store = scratch()
  const base = repo.git('rev-parse', 'HEAD')
  repo.say('Once.')
  expect(await (await followed(repo.content, store)).after(X)).toMatchObject({ rewound: false })
  repo.git('reset', '--quiet', '--hard', base)
  repo.say('Otherwise.')
  const rewound = await (await followed(repo.content, store)).after(X)
  expect(rewound).toMatchObject({ rewound: true, pointer: { serial: 2 } })
  repo.git('reflog', 'expire', '--expire=now', '--all')
  repo.git('gc', '--quiet', '--prune=now')
  const again = await followed(repo.content, store)
  expect(await again.after(X)).toMatchObject({ rewound: true, pointer: rewound?.pointer })
  repo.say('On.')
  expect(await again.after(X)).toMatchObject({ rewound: false, pointer: { serial: 3 } })
})

test('refreshBranches() does not call a broken commit rewound before something of it is served', async () => {
  const repo = repoWithBranch()
  const base = repo.git('rev-parse', 'HEAD')
  const server = await followed(repo.content)
  repo.say('Good.')
  const good = await server.after(X)
  repo.git('reset', '--quiet', '--hard', base)
  write(repo.content, { [GREET]: 'broken' })
  repo.commit('broken')
  expect(await server.after(X)).toMatchObject({ status: 'stale', rewound: false, pointer: good?.pointer })
  repo.say('Mended.')
  expect(await server.after(X)).toMatchObject({ status: 'live', rewound: true, pointer: { serial: 2 } })
})

test(`refreshBranches() retires a branch ${ROUNDS} times, answers on, and follows it when it is back`, async () => {
  const repo = repoWithBranch()
  const server = await followed(repo.content)
  repo.git('checkout', '--quiet', '--detach')
  for (let round = 0; round < ROUNDS; round++) {
    const commit = repo.say(`Round ${round}.`)
    repo.git('branch', '--force', 'experiment/x', commit)
    expect(await server.after(X)).toMatchObject({ status: 'live', pointer: { serial: round + 1, commit } })
    repo.git('branch', '--quiet', '-D', 'experiment/x')
    expect(await server.after(X)).toMatchObject({ status: 'retired', pointer: { serial: round + 1, commit } })
    expect(server.text(X, 'agents-hello-greet.md')).toContain(`Round ${round}.`)
  }
})

test('refreshBranches() reads every commit whole while git packs and prunes', async () => {
  const repo = repoWithBranch()
  const server = await followed(repo.content)
  for (let round = 0; round < 6; round++) {
    repo.say(`Round ${round}.`)
    const refreshed = server.after(X)
    repo.git('reflog', 'expire', '--expire=now', '--all')
    repo.git('gc', '--quiet', '--prune=now')
    expect(await refreshed).toMatchObject({ status: 'live' })
    expect(server.text(X, 'agents-hello-greet.md')).toContain(`Round ${round}.`)
  }
})

test('refreshBranches() serves only whole commits through a storm of checkouts', async () => {
  const repo = repoWithBranch()
  const many = (word: string) =>
    Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`shared/part-${at}.md`, `${word} ${at}\n`]))
  write(repo.content, { ...many('x'), [GREET]: greetPrompt('{{> part-0}}\n\n{{> part-59}}') })
  repo.commit('x')
  repo.git('checkout', '--quiet', '-b', 'experiment/y')
  write(repo.content, many('y'))
  repo.commit('y')
  const server = await followed(repo.content)
  await server.refreshBranches()
  const before = server.channels().map(({ name }) => server.text(name, 'agents-hello-greet.md'))
  expect(before).toContainEqual(expect.stringMatching(/x 0\n+x 59/))
  expect(before).toContainEqual(expect.stringMatching(/y 0\n+y 59/))
  for (let round = 0; round < ROUNDS; round++) {
    repo.git('checkout', '--quiet', round % 2 === 0 ? 'experiment/x' : 'experiment/y')
    await server.refreshBranches()
    expect(server.channels().map(({ name }) => server.text(name, 'agents-hello-greet.md'))).toEqual(before)
  }
})

test('refreshBranches() lets go of what deleted branches answered before, and of nothing published by hand', async () => {
  const repo = repoWithBranch()
  const dir = scratch()
  const server = await followed(repo.content, dir, 2)
  for (const goal of ['One.', 'Two.', 'Three.', 'Four.']) {
    repo.say(goal)
    await server.refreshBranches()
  }
  expect(await server.store.history(X)).toHaveLength(4)
  repo.git('checkout', '--quiet', 'main')
  repo.git('branch', '--quiet', '-D', 'experiment/x')
  const { pointer } = (await server.after(X)) ?? {}
  expect(await server.store.history(X)).toMatchObject([{ ...pointer }])
  for (const word of ['one', 'two', 'three', 'four']) {
    const by = { store: dir, channel: 'by-hand', commit: null, now: () => new Date() }
    await publish({ ...by, release: releaseOf(word) })
  }
  const again = await followed(repo.content, dir, 2)
  expect(await again.after(X)).toMatchObject({ status: 'retired', pointer })
  expect(again.text(X, 'agents-hello-greet.md')).toContain('Four.')
  expect(await again.store.history('by-hand')).toHaveLength(4)
})
