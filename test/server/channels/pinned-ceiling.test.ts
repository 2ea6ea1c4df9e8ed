import { expect, test } from 'vitest'
import { pinChannel, unpinChannel } from '../../../build/publish/steer.ts'
import { repoWithContent } from '../repo.ts'
import { greetPrompt, scratch, write } from '../scratch.ts'
import { followed } from './followed.ts'

const GREET = 'agents-hello-greet.md'
const now = () => new Date()
const OTHERS = 'Read, Write, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs'

/** A channel that could give `Edit` and did, until the default branch took it away. */
async function narrowed() {
  const repo = repoWithContent()
  const dir = scratch()
  const allow = (tools: string) => {
    write(repo.content, { 'ceiling.yaml': `channels: {"experiment-*": {tools: [${tools}]}}\n` })
    repo.commit(tools)
  }
  allow(`Edit, ${OTHERS}`)
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('May edit.') })
  repo.commit('edit')
  repo.git('checkout', '--quiet', 'main')
  const server = await followed(repo.content, dir)
  const wide = (await server.after('experiment-x'))?.pointer?.release ?? ''
  const narrow = () => allow(OTHERS)
  const steering = { store: dir, channel: 'experiment-x', now }
  return { repo, dir, server, wide, narrow, steering }
}

test('refreshBranches() answers with no pin beyond the ceiling, whenever it was set, and says which tool', async () => {
  const { repo, dir, server, wide, narrow, steering } = await narrowed()
  expect(server.text('experiment-x', GREET)).toContain('Edit')
  await pinChannel({ ...steering, release: wide, from: null })
  expect(await server.after('experiment-x')).toMatchObject({ status: 'live', pin: { release: wide } })
  narrow()
  const held = await server.after('experiment-x')
  expect(held?.pointer).toBeNull()
  expect(held?.diagnostics.map(({ code }) => code)).toContain('ceiling/pin')
  expect(held?.diagnostics.at(-1)?.message).toContain(`its ${GREET} names the tool "Edit"`)
  // Pinned once more, it is no other; nor after a restart, nor when the branch itself is mended.
  await pinChannel({ ...steering, release: wide, from: 'main' })
  for (let round = 0; round < 3; round += 1) {
    expect((await server.after('experiment-x'))?.pointer).toBeNull()
    expect(server.text('experiment-x', GREET) ?? '').not.toContain('Edit')
  }
  const again = await followed(repo.content, dir)
  expect(await again.after('experiment-x')).toMatchObject({ status: 'stale', pointer: null })
  repo.git('checkout', '--quiet', 'experiment/x')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('Mended.').replace(/, Edit|Edit, /g, '') })
  repo.commit('mended')
  for (const one of [server, again]) {
    expect((await one.after('experiment-x'))?.pointer).toBeNull()
    expect(one.text('experiment-x', GREET)).toContain('Mended.')
  }
  await unpinChannel(steering)
  expect(await again.after('experiment-x')).toMatchObject({ pointer: { serial: expect.any(Number) } })
})

test('refreshBranches() says of a retired channel that it does not answer with its pin, until that is taken back', async () => {
  const { repo, dir, server, wide, narrow, steering } = await narrowed()
  repo.git('branch', 'experiment/y', 'main')
  const ended = { ...steering, channel: 'experiment-y' }
  narrow()
  repo.git('checkout', '--quiet', 'experiment/y')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('Harmless.').replace(/, Edit|Edit, /g, '') })
  repo.commit('harmless')
  repo.git('checkout', '--quiet', 'main')
  const own = (await server.after('experiment-y'))?.pointer
  expect(own).toBeDefined()
  repo.git('branch', '--quiet', '-D', 'experiment/y')
  const before = await server.after('experiment-y')
  expect(before).toMatchObject({ status: 'retired', pointer: own })
  await pinChannel({ ...ended, store: dir, release: wide, from: null })
  for (let round = 0; round < 2; round += 1) {
    const told = await server.after('experiment-y')
    expect(told).toMatchObject({ status: 'retired', pointer: own })
    const [refused, ...others] = told?.diagnostics.toReversed() ?? []
    expect([refused?.code, others]).toEqual(['ceiling/pin', before?.diagnostics.toReversed()])
    expect(refused?.message).toContain(`release ${wide}, which it is pinned to: its ${GREET}`)
    expect(server.text('experiment-y', GREET)).toContain('Harmless.')
  }
  await unpinChannel(ended)
  const after = await server.after('experiment-y')
  expect(after).toMatchObject({ pointer: { release: own?.release }, diagnostics: before?.diagnostics })
  expect(after?.pin).toBeUndefined()
})

test('refreshBranches() lets no unpinning bring back a build beyond the ceiling', async () => {
  const { server, narrow, steering } = await narrowed()
  narrow()
  expect((await server.after('experiment-x'))?.pointer).toBeNull()
  const harmless = (await server.store.history('main'))[0]?.release ?? ''
  await pinChannel({ ...steering, release: harmless, from: 'main' })
  await server.refreshBranches()
  await unpinChannel(steering)
  for (let round = 0; round < 3; round += 1) {
    await server.refreshBranches()
    expect(server.text('experiment-x', GREET) ?? '').not.toContain('Edit')
  }
})

test('refreshBranches() asks the same default branch after a restart, whatever is checked out by then', async () => {
  const repo = repoWithContent()
  repo.git('branch', '--move', 'trunk')
  write(repo.content, { 'ceiling.yaml': 'channels: {"experiment-*": {tools: [Read]}}\n' })
  const commit = repo.commit('ceiling')
  const dir = scratch()
  expect(await (await followed(repo.content, dir)).after('main')).toMatchObject({ branch: 'trunk' })
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  write(repo.content, { 'ceiling.yaml': 'channels: {}\n' })
  repo.commit('free')
  const again = await followed(repo.content, dir)
  expect(await again.after('main')).toMatchObject({ branch: 'trunk', pointer: { commit } })
  expect(again.channel('experiment-x')?.diagnostics.map(({ code }) => code)).toContain('ceiling/tool')
})
