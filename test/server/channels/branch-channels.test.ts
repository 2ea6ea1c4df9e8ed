import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { channelName, channelOf } from '../../../schemas/channel.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, greeting, running } from '../serving.ts'
import { HOSTILE_NAMES } from './hostile-names.ts'

const GREET = 'agents/hello/greet.md'

test('serve() answers main at / and dev beside it, and outside git only dev', async () => {
  const { content } = repoWithContent()
  write(content, { [GREET]: greetPrompt('Not committed.') })
  const server = await running(content)
  const { root, channels } = await server.channels()
  expect([root, ...channels.map((one) => `${one.channel} ${one.status} ${one.branch}`)]).toEqual([
    'main',
    'dev live null',
    'main live main',
  ])
  expect(await greeting(server, '')).not.toContain('Not committed.')
  expect(await greeting(server, '/channels/dev')).toContain('Not committed.')
  expect(existsSync(join(content, '../.mill/.gitignore'))).toBe(true)

  const outside = await running(contentFolder())
  expect(await outside.channels()).toMatchObject({ root: 'dev', channels: [{ channel: 'dev' }] })
})

test('serve() follows experiment/x while main stays, back again with a rising serial, and beyond its end', async () => {
  const repo = repoWithContent()
  const server = await running(repo.content)
  const main = (await channel(server, 'main'))?.pointer
  const first = repo.git('rev-parse', 'HEAD')

  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.status === 'live',
  )
  write(repo.content, { [GREET]: greetPrompt('Of the experiment.') })
  repo.commit('greet')
  const moved = await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.pointer?.serial === 2,
  )
  expect(await greeting(server, '/channels/experiment-x')).toContain('Of the experiment.')
  expect((await channel(server, 'main'))?.pointer).toEqual(main)
  expect(await greeting(server, '')).not.toContain('Of the experiment.')

  repo.git('reset', '--quiet', '--hard', first)
  const back = await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.pointer?.commit === first,
  )
  expect(back?.pointer).toMatchObject({ release: main?.release, serial: 3 })
  expect((await server.get(`/v/${moved?.pointer?.release}/agents-hello-greet.md`)).status).toBe(200)

  repo.git('checkout', '--quiet', 'main')
  repo.git('branch', '--quiet', '-D', 'experiment/x')
  repo.git('reflog', 'expire', '--expire=now', '--all')
  repo.git('gc', '--quiet', '--prune=now')
  await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.status === 'retired',
  )
  const gone = await server.get('/channels/experiment-x/agent-menu.json')
  expect([gone.status, gone.headers.get('mill-status')]).toEqual([200, 'retired'])
  expect((await server.get(`/v/${moved?.pointer?.release}/agents-hello-greet.md`)).status).toBe(200)

  repo.git('branch', 'experiment/x')
  await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.status === 'live',
  )
  expect(server.bugs).toEqual([])
})

test('serve() keeps the last good release of a branch that breaks, and mends', async () => {
  const repo = repoWithContent()
  const server = await running(repo.content)
  const good = (await channel(server, 'main'))?.pointer
  write(repo.content, { [GREET]: 'no frontmatter' })
  repo.commit('break')
  const stale = await eventually(
    () => channel(server, 'main'),
    (one) => one?.status === 'stale',
  )
  expect(stale?.pointer).toEqual(good)
  expect(stale?.diagnostics.map(({ path }) => path)).toContain(GREET)
  expect((await server.get('/agent-menu.json')).headers.get('mill-status')).toBe('stale')
  write(repo.content, { [GREET]: greetPrompt('Mended.') })
  repo.commit('mend')
  await eventually(
    () => channel(server, 'main'),
    (one) => one?.status === 'live',
  )
  expect(await greeting(server, '')).toContain('Mended.')
})

test('serve() says what is wrong with a branch without content, with links, or with a submodule; others go on', async () => {
  const repo = repoWithContent()
  repo.git('checkout', '--quiet', '-b', 'experiment/bare')
  repo.git('rm', '-r', '--quiet', 'content')
  repo.commit('nothing')
  repo.git('checkout', '--quiet', '-b', 'experiment/links', 'main')
  symlinkSync('/etc/passwd', join(repo.content, 'skills/passwd.md'))
  const commit = repo.commit('link')
  repo.git('update-index', '--add', '--cacheinfo', `160000,${commit},content/skills/module`)
  repo.git('commit', '--quiet', '-m', 'submodule')
  repo.git('checkout', '--quiet', '--force', 'main')
  const server = await running(repo.content)
  const bare = await channel(server, 'experiment-bare')
  expect([bare?.status, bare?.diagnostics[0]?.code]).toEqual(['empty', 'git/unreadable'])
  expect(bare?.diagnostics[0]?.message).toContain('experiment/bare')
  expect((await server.get('/channels/experiment-bare/agent-menu.json')).status).toBe(503)
  const links = await channel(server, 'experiment-links')
  const errors = links?.diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors?.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'discover/submodule skills/module',
    'discover/link skills/passwd.md',
  ])
  expect((await channel(server, 'main'))?.status).toBe('live')
})

test(`serve() gives each of ${HOSTILE_NAMES.length} hostile branch names a channel of its own, and neither a shell nor a path`, async () => {
  const repo = repoWithContent()
  // Neither files nor folders of refs: what one file system folds into one name, git keeps apart.
  const commit = repo.git('rev-parse', 'HEAD')
  const names = HOSTILE_NAMES.map((name) => `experiment/${name}`).filter((name) => !/\/v$|\/a$/.test(name))
  const lines = names.map((name) => Buffer.from(`${commit} refs/heads/${name}\n`))
  for (const byte of [0xfe, 0xff])
    lines.push(Buffer.concat([Buffer.from(`${commit} refs/heads/experiment/`), Buffer.from([byte, 10])]))
  writeFileSync(join(repo.dir, '.git/packed-refs'), Buffer.concat(lines))
  const before = readdirSync(repo.dir)
  const server = await running(repo.content)
  const { channels } = await server.channels()
  const found = channels.filter(({ branch }) => branch?.startsWith('experiment/'))
  expect(found.map(({ branch }) => branch).sort()).toEqual(
    [...names, 'experiment/\\xfe', 'experiment/\\xff'].sort(),
  )
  expect(new Set(found.map((one) => one.channel)).size).toBe(names.length + 2)
  for (const { channel, branch, status } of found) {
    expect([channel, status]).toEqual([channelOf(branch ?? ''), 'live'])
    expect(channelName.safeParse(channel).success).toBe(true)
    const reply = await server.get(`/channels/${channel}/agent-menu.json`)
    expect([reply.status, reply.headers.get('mill-channel')]).toEqual([200, channel])
    expect([...reply.headers.values()].join('')).toMatch(/^[\x20-\x7e]*$/)
    expect((await server.get(`/channels/${encodeURIComponent(branch ?? '')}`)).status).toBe(404)
  }
  expect(readdirSync(repo.dir)).toEqual([...before, '.mill'].sort())
  for (const file of readdirSync(join(repo.dir, '.mill/store'), { recursive: true, encoding: 'utf8' }))
    expect(file).toMatch(/^[A-Za-z0-9_./-]+$/)
  expect(server.bugs).toEqual([])
})

test('serve() is led elsewhere neither by GIT_DIR nor by replaced objects', async () => {
  const repo = repoWithContent()
  const elsewhere = repoWithContent()
  write(elsewhere.content, { [GREET]: greetPrompt('Elsewhere.') })
  elsewhere.commit('elsewhere')
  const first = repo.git('rev-parse', 'HEAD')
  write(repo.content, { [GREET]: greetPrompt('Replaced.') })
  repo.git('replace', first, repo.commit('replacement'))
  repo.git('reset', '--quiet', '--hard', first)
  const env = { PATH: process.env.PATH, GIT_DIR: join(elsewhere.dir, '.git'), GIT_WORK_TREE: elsewhere.dir }
  const server = await running(repo.content, { env })
  expect((await channel(server, 'main'))?.pointer?.commit).toBe(first)
  expect(await greeting(server, '')).toContain('Make the app say hello.')
})

test('serve() reads a linked worktree, a detached HEAD and a folder at the top level', async () => {
  const repo = repoWithContent()
  const tree = join(scratch(), 'tree')
  repo.git('worktree', 'add', '--quiet', '--detach', tree)
  const server = await running(join(tree, 'content'))
  expect(await channel(server, 'main')).toMatchObject({ status: 'live', branch: 'main' })
  repo.git('checkout', '--quiet', '-b', 'experiment/y')
  await eventually(
    () => channel(server, 'experiment-y'),
    (one) => one?.status === 'live',
  )

  const top = repoWithContent()
  for (const name of readdirSync(top.content)) top.git('mv', `content/${name}`, name)
  rmSync(top.content, { recursive: true, force: true })
  top.commit('top')
  const atTop = await running(top.dir, { watch: true })
  expect((await atTop.channels()).channels.map(({ status }) => status)).toEqual(['live', 'live'])
})

test('serve() refuses a root that is no channel, and names those that are', async () => {
  const { content } = repoWithContent()
  await expect(running(content, { root: 'nope' })).rejects.toMatchObject({
    code: 'serve/unknown-channel',
    exit: 2,
    message: expect.stringContaining('dev, main'),
  })
  expect((await (await running(content, { root: 'dev' })).channels()).root).toBe('dev')
})
