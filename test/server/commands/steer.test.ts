import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mill } from '../../house/mill.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, greetPrompt, write } from '../scratch.ts'
import { channel, eventually, greeting, running } from '../serving.ts'
import { problemsOf } from './published.ts'
import { runMill } from './run-mill.ts'

/** A repository whose channel main has had two releases, and the folder of its store. */
async function twoReleases() {
  const repo = repoWithContent()
  const store = join(repo.dir, '.mill/store')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('One.') })
  repo.commit('one')
  const server = await running(repo.content, { store })
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('Two.') })
  repo.commit('two')
  await eventually(
    () => greeting(server, '/channels/main'),
    (text) => text.includes('Two.'),
  )
  return { repo, store, server }
}

test('mill pin rolls a running server back, builds go on unserved, mill unpin lets them out', async () => {
  const { repo, store, server } = await twoReleases()
  const pinned = await runMill(['pin', 'main', '-1'], repo.dir)
  expect(pinned).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^main {2}release [0-9a-f]{64} {2}serial 3, pinned\n$/),
  })
  await eventually(
    () => greeting(server, '/channels/main'),
    (text) => text.includes('One.'),
  )
  expect(await problemsOf(`${server.url}/channels/main`, '--min-serial', '3')).toEqual([])
  expect(
    (await problemsOf(`${server.url}/channels/main`, '--min-serial', '4')).map(({ code }) => code),
  ).toEqual(['verify/serial'])

  write(repo.content, { 'agents/hello/greet.md': greetPrompt('Three.') })
  const third = repo.commit('three')
  const shown = await eventually(
    () => channel(server, 'main'),
    (status) => status?.newest?.commit === third,
  )
  expect(shown?.pin).toMatchObject({ release: shown?.pointer?.release, from: null })
  expect(await greeting(server, '/channels/main')).toContain('One.')
  const table = (await runMill(['channels', server.url], repo.dir)).out
  expect(table).toMatch(
    new RegExp(`main +live .*pinned, newest build ${shown?.newest?.release.slice(0, 12)}`),
  )
  expect((await runMill(['channels'], repo.dir)).out).toMatch(/main +- +3 .*pinned, newest build/)

  await server.close()
  const next = await running(repo.content, { store })
  expect(await greeting(next, '/channels/main')).toContain('One.')
  expect((await runMill(['unpin', 'main'], repo.dir)).code).toBe(0)
  await eventually(
    () => greeting(next, '/channels/main'),
    (text) => text.includes('Three.'),
  )
  expect((await channel(next, 'main'))?.pin).toBeUndefined()
  expect((await channel(next, 'main'))?.pointer?.serial).toBeGreaterThan(3)
})

test('mill promote lets one channel answer what another one does, and notes where that came from', async () => {
  const { repo, server } = await twoReleases()
  repo.git('checkout', '--quiet', '-b', 'experiment/kind')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('Kinder.') })
  repo.commit('kinder')
  await eventually(
    () => channel(server, 'experiment-kind'),
    (status) => status?.status === 'live',
  )
  const done = await runMill(['promote', 'experiment-kind', 'main'], repo.dir)
  expect(done.out).toMatch(/, pinned, from experiment-kind\n$/)
  await eventually(
    () => greeting(server, '/channels/main'),
    (text) => text.includes('Kinder.'),
  )
  const main = await channel(server, 'main')
  expect(main?.pin?.from).toBe('experiment-kind')
  expect(main?.pointer?.release).toBe((await channel(server, 'experiment-kind'))?.pointer?.release)
  const rows = JSON.parse((await runMill(['channels', '--format', 'json'], repo.dir)).out)
  expect(rows.channels.find((row: { channel: string }) => row.channel === 'main').pin.from).toBe(
    'experiment-kind',
  )
})

test('mill promote and mill pin refuse a release that gives tools beyond the ceiling of its channel', async () => {
  const repo = repoWithContent()
  const tools = 'Read, Write, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs'
  write(repo.content, { 'ceiling.yaml': `channels: {"experiment-*": {tools: [${tools}]}}\n` })
  repo.commit('ceiling')
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('No edits.').replace('Edit, ', '') })
  repo.commit('within')
  const server = await running(repo.content, { store: join(repo.dir, '.mill/store') })
  const release = (await channel(server, 'main'))?.pointer?.release ?? ''
  for (const args of [
    ['promote', 'main', 'experiment-x'],
    ['pin', 'experiment-x', release],
  ]) {
    const { code, error, err } = await runMill(args, repo.dir)
    expect([code, error]).toEqual([2, 'release/ceiling'])
    expect(err).toContain('agents-hello-greet.md names the tool "Edit", expected Read, Write')
  }
  expect((await runMill(['promote', 'experiment-x', 'main'], repo.dir)).code).toBe(0)
})

test('mill pin, promote and publish go by what the default branch says now, and by the last build where there is none', async () => {
  const repo = repoWithContent()
  const store = join(repo.dir, '.mill/store')
  const allow = (tools: string) => {
    write(repo.content, { 'ceiling.yaml': `channels: {"experiment-*": {tools: [${tools}]}}\n` })
    repo.commit(tools)
  }
  const all = 'Read, Write, Edit, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs'
  allow(all)
  repo.git('branch', 'experiment/x')
  const server = await running(repo.content, { store })
  const release = (await channel(server, 'experiment-x'))?.pointer?.release ?? ''
  await server.close()
  const site = [
    '--to',
    join(repo.dir, 'site'),
    '--base-url',
    'http://localhost/',
    '--channel',
    'experiment-x',
  ]
  const commands = [
    ['pin', 'experiment-x', release],
    ['promote', 'main', 'experiment-x'],
    ['publish', ...site],
  ]
  const codes = async () => {
    const ended = []
    for (const args of commands) ended.push((await runMill([...args, '--store', store], repo.dir)).error)
    return ended
  }
  const refused = Array(3).fill('release/ceiling')
  expect(await codes()).toEqual([undefined, undefined, undefined])
  allow(all.replace('Edit, ', ''))
  expect(await codes()).toEqual(refused)
  // What nobody can read allows nothing.
  write(repo.content, { 'ceiling.yaml': 'channels: 7\n' })
  repo.commit('unreadable')
  expect(await codes()).toEqual(refused)
  rmSync(join(repo.dir, '.git'), { recursive: true })
  expect(await codes()).toEqual([undefined, undefined, undefined])
})

test('outside git a running server honours a pin too', async () => {
  const content = contentFolder()
  const store = join(content, '../store')
  write(content, { 'agents/hello/greet.md': greetPrompt('One.') })
  await mill(['build', '--content', content, '--offline', '--store', store])
  write(content, { 'agents/hello/greet.md': greetPrompt('Two.') })
  const server = await running(content, { store })
  expect(await greeting(server)).toContain('Two.')
  expect((await runMill(['pin', 'dev', '-1', '--store', store], '/')).code).toBe(0)
  await eventually(
    () => greeting(server),
    (text) => text.includes('One.'),
  )
})

test('what cannot be pinned is refused by code, with what was meant', async () => {
  const { repo, store } = await twoReleases()
  const before = readFileSync(join(store, 'channels/main.json'), 'utf8')
  const refusal = async (...args: string[]) => {
    const { code, error, err } = await runMill(args, repo.dir)
    return [code, error, err]
  }
  const [code, error, err] = await refusal('pin', 'mian', '-1')
  expect([code, error]).toEqual([2, 'channel/unknown'])
  expect(err).toContain('did you mean "main"?')
  expect((await refusal('pin', 'main', '-9')).slice(0, 2)).toEqual([2, 'release/unknown'])
  expect((await refusal('pin', 'main', 'HEAD')).slice(0, 2)).toEqual([2, 'release/unknown'])
  expect((await refusal('pin', 'main', '0000000000')).slice(0, 2)).toEqual([2, 'release/unknown'])
  expect((await refusal('promote', 'main', 'main')).slice(0, 2)).toEqual([2, 'promote/same'])
  expect((await refusal('promote', 'main', 'dve')).slice(0, 2)).toEqual([2, 'channel/unknown'])
  expect((await refusal('unpin', '../main')).slice(0, 2)).toEqual([2, 'channel/unknown'])
  expect((await refusal('channels', '--store', 'none')).slice(0, 2)).toEqual([2, 'store/missing'])
  expect((await refusal('channels', 'ftp://x')).slice(0, 2)).toEqual([2, 'channels/source'])
  expect((await refusal('pin', 'main')).slice(0, 2)).toEqual([2, undefined])
  expect(readFileSync(join(store, 'channels/main.json'), 'utf8')).toBe(before)
})

test('a release is named by the first digits that no other has', async () => {
  const { repo, store } = await twoReleases()
  const [id = ''] = readdirSync(join(store, 'releases')).map((name) => name.replace('.json', ''))
  expect((await runMill(['pin', 'main', id.slice(0, 8)], repo.dir)).out).toContain(id)
})
