import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openRepository } from '../../../build/git/repository.ts'
import { type Repo, repoWithContent } from '../repo.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, greeting, running } from '../serving.ts'
import { followed } from './followed.ts'

const GREET = 'agents/hello/greet.md'

/** A repository with a prompt of its own on the branch experiment/x, while main is checked out. */
function repoWithExperiment(): Repo {
  const repo = repoWithContent()
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  write(repo.content, { [GREET]: greetPrompt('Of the experiment.') })
  repo.commit('x')
  repo.git('checkout', '--quiet', 'main')
  return repo
}

test('serve() answers with the branches of a bare repository, whose content is named by a path into it', async () => {
  const repo = repoWithExperiment()
  const bare = join(scratch(), 'bare.git')
  repo.git('clone', '--quiet', '--bare', repo.dir, bare)
  const server = await running(join(bare, 'content'), { store: scratch() })
  const { root, channels } = await server.channels()
  expect([root, ...channels.map(({ channel, status }) => `${channel} ${status}`)]).toEqual([
    'main',
    'main live',
    'experiment-x live',
  ])
  expect(await greeting(server, '/channels/experiment-x')).toContain('Of the experiment.')
  repo.git('push', '--quiet', bare, 'experiment/x:experiment/y')
  await eventually(
    () => channel(server, 'experiment-y'),
    (one) => one?.status === 'live',
  )
  expect((await server.get('/channels/dev')).status).toBe(404)
  expect(server.bugs).toEqual([])
  await expect(running(join(bare, 'content'), { watch: true, store: scratch() })).rejects.toMatchObject({
    code: 'serve/bare',
  })
})

test.each([['--depth=1'], ['--depth=1', '--no-single-branch']])(
  'serve() reads a shallow clone (%s %s)',
  async (...flags) => {
    const repo = repoWithExperiment()
    repo.commit('another')
    const clone = join(scratch(), 'clone')
    repo.git('clone', '--quiet', ...flags, `file://${repo.dir}`, clone)
    const server = await followed(join(clone, 'content'))
    expect(await server.after('main')).toMatchObject({ status: 'live', rewound: false })
    repo.commit('one more')
    repo.git('-C', clone, 'fetch', '--quiet', '--depth=1')
    repo.git('-C', clone, 'reset', '--quiet', '--hard', 'origin/main')
    // Nobody can tell from here that it came after.
    expect(await server.after('main')).toMatchObject({ status: 'live', rewound: false })
  },
)

test('serve() says what a partial clone lacks, fetches nothing, and goes on once it is there', async () => {
  const repo = repoWithExperiment()
  repo.git('config', 'uploadpack.allowFilter', 'true')
  const clone = join(scratch(), 'clone')
  repo.git('clone', '--quiet', '--filter=blob:none', `file://${repo.dir}`, clone)
  repo.git('-C', clone, 'branch', 'experiment/x', 'origin/experiment/x')
  const server = await followed(join(clone, 'content'))
  expect(await server.after('main')).toMatchObject({ status: 'live' })
  expect(await server.after('experiment-x')).toMatchObject({
    status: 'empty',
    diagnostics: [{ code: 'git/unreadable' }],
  })
  expect(await server.after('main')).toMatchObject({ status: 'live' })
  repo.git('-C', clone, 'checkout', '--quiet', 'experiment/x')
  for (let round = 0; round < 10; round++) await server.refreshBranches()
  expect(await server.after('experiment-x')).toMatchObject({ status: 'live' })
})

test.each([
  ['missing', (file: string) => rmSync(file)],
  ['no object', (file: string) => writeFileSync(file, 'junk')],
  ['empty', (file: string) => writeFileSync(file, '')],
])('serve() tells of an object that is %s, serves the others, and mends with it', async (_, damage) => {
  const repo = repoWithExperiment()
  const server = await followed(repo.content)
  const good = await server.after('experiment-x')
  repo.git('checkout', '--quiet', 'experiment/x')
  write(repo.content, { [GREET]: greetPrompt('Damaged.') })
  repo.commit('damaged')
  const blob = repo.git('rev-parse', `HEAD:content/${GREET}`)
  const file = join(repo.dir, '.git/objects', blob.slice(0, 2), blob.slice(2))
  repo.git('checkout', '--quiet', 'main')
  renameSync(file, `${file}.kept`)
  writeFileSync(file, '')
  damage(file)

  const stale = await server.after('experiment-x')
  expect(stale).toMatchObject({ status: 'stale', pointer: good?.pointer })
  expect(stale?.diagnostics.filter(({ code }) => code === 'git/unreadable')).toMatchObject([{ path: GREET }])
  write(repo.content, { [GREET]: greetPrompt('Elsewhere.') })
  repo.commit('elsewhere')
  expect(await server.after('main')).toMatchObject({ status: 'live' })
  expect(server.text('main', 'agents-hello-greet.md')).toContain('Elsewhere.')

  renameSync(`${file}.kept`, file)
  for (let round = 0; round < 10; round++) await server.refreshBranches()
  expect(await server.after('experiment-x')).toMatchObject({ status: 'live' })
  expect(server.text('experiment-x', 'agents-hello-greet.md')).toContain('Damaged.')
})

test('rootFiles() refuses bytes that are not what their id promises', async () => {
  const repo = repoWithExperiment()
  write(repo.content, { 'ceiling.yaml': 'channels: {"*": {tools: []}}\n' })
  repo.commit('ceiling')
  const oid = repo.git('rev-parse', 'HEAD:content/ceiling.yaml')
  const file = join(repo.dir, '.git/objects', oid.slice(0, 2), oid.slice(2))
  rmSync(file)
  writeFileSync(file, deflateSync('blob 13\0channels: {}\n'))
  const { repository } = await openRepository(repo.content, { PATH: process.env.PATH })
  const read = await repository?.rootFiles('HEAD', ['ceiling.yaml'])
  repository?.close()
  expect(read).toMatchObject({ files: [], diagnostics: [{ path: 'ceiling.yaml', code: 'git/unreadable' }] })
})

test('serve() allows experiments no tool while the default branch cannot be read', async () => {
  const repo = repoWithExperiment()
  const main = repo.git('rev-parse', 'main^{tree}')
  rmSync(join(repo.dir, '.git/objects', main.slice(0, 2), main.slice(2)))
  const server = await followed(repo.content)
  const held = await server.after('experiment-x')
  expect(held?.diagnostics.map(({ code }) => code)).toContain('ceiling/tool')
})

test('serve() waits for no lock of the index, and leaves none', async () => {
  const repo = repoWithExperiment()
  const lock = join(repo.dir, '.git/index.lock')
  writeFileSync(lock, '')
  const server = await followed(repo.content)
  expect(await server.after('experiment-x')).toMatchObject({ status: 'live' })
  expect(existsSync(lock)).toBe(true)
})

test('serve() finds a repository that is made while it serves, and says once when it is gone', async () => {
  const content = contentFolder()
  const dir = join(content, '..')
  const server = await running(content)
  expect((await server.channels()).channels.map((one) => one.channel)).toEqual(['dev'])
  const repo = repoWithContent()
  renameSync(join(repo.dir, '.git'), join(dir, '.git'))
  await eventually(
    () => channel(server, 'main'),
    (one) => one?.status === 'live',
  )
  expect((await server.channels()).root).toBe('dev')
  renameSync(join(dir, '.git'), join(repo.dir, '.git'))
  await eventually(
    () => server.warnings.length,
    (count) => count > 0,
  )
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(server.warnings).toEqual([expect.stringContaining('Cannot read the branches')])
  expect((await server.get('/channels/main/agent-menu.json')).status).toBe(200)
  expect(server.bugs).toEqual([])
})

test('openRepository() is not misled by a folder that is only called .git', async () => {
  const content = contentFolder()
  const env = { PATH: process.env.PATH }
  write(content, { '../.git/HEAD': 'nonsense' })
  expect(await openRepository(content, env)).toEqual({ repository: undefined, problem: undefined })
})
