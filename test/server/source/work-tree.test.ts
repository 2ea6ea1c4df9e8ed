import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { digestOf } from '../../../schemas/digest.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, greeting, type Running, running } from '../serving.ts'

const GREET = 'agents/hello/greet.md'

const status = async (server: Running) => (await channel(server, 'dev'))?.status

test('serve() in watch mode answers what was saved, keeps it when it breaks, and mends', async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  write(content, { [GREET]: greetPrompt('First.') })
  await eventually(
    () => greeting(server),
    (text) => text.includes('First.'),
  )

  write(content, { [GREET]: greetPrompt('Broken.').replace('flow: hello', 'flow: hello\nflow: hello') })
  await eventually(
    () => status(server),
    (now) => now === 'stale',
  )
  expect(await greeting(server)).toContain('First.')
  const broken = await channel(server, 'dev')
  expect(broken?.diagnostics.find(({ severity }) => severity === 'error')).toMatchObject({
    path: GREET,
    line: 4,
  })

  write(content, { [GREET]: greetPrompt('Mended.') })
  await eventually(
    () => greeting(server),
    (text) => text.includes('Mended.'),
  )
  expect(await status(server)).toBe('live')
  expect((await channel(server, 'dev'))?.diagnostics.filter(({ severity }) => severity === 'error')).toEqual(
    [],
  )
})

test('serve() in watch mode folds a burst of saves into few builds', async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  const before = server.changes.length
  for (let file = 0; file < 200; file += 1) {
    write(content, {
      [`agents/hello/task-${file}.md`]: greetPrompt('x').replace('type: greet', `type: task-${file}`),
    })
  }
  const has = (menu: string, file: number) => menu.includes(`"task-${file}"`)
  await eventually(
    async () => (await server.get('/agent-menu.json')).text(),
    (menu) => has(menu, 0) && has(menu, 199),
  )
  expect(server.changes.length - before).toBeLessThan(20)
})

test('serve() starts on a broken tree with what is sound, or with the last good release of its store', async () => {
  const content = contentFolder()
  const store = scratch()
  write(content, { [GREET]: 'broken' })
  const sound = await running(content)
  expect(await channel(sound, 'dev')).toMatchObject({ status: 'stale', pointer: null })
  const menu = await sound.get('/skill-menu.json')
  expect([menu.status, menu.headers.get('mill-status')]).toEqual([200, 'stale'])
  expect((await sound.get(`/v/${menu.headers.get('mill-release')}/skill-menu.json`)).status).toBe(200)

  write(content, { [GREET]: greetPrompt('Good.') })
  await (await running(content, { store })).close()
  write(content, { [GREET]: 'broken' })
  const lastGood = await running(content, { store })
  expect(await channel(lastGood, 'dev')).toMatchObject({ status: 'stale', pointer: { serial: 1 } })
  expect(await greeting(lastGood)).toContain('Good.')
})

test('serve() refuses an empty tree, unless it watches: then it waits, and starts to answer', async () => {
  const content = join(scratch(), 'content')
  mkdirSync(content)
  await expect(running(content)).rejects.toMatchObject({ code: 'discover/empty', exit: 1 })
  const server = await running(content, { watch: true })
  const reply = await server.get('/agent-menu.json')
  expect([reply.status, await reply.json()]).toEqual([
    503,
    expect.objectContaining({ error: 'channel/empty' }),
  ])
  contentFolder(join(content, '..'))
  await eventually(
    () => status(server),
    (now) => now === 'live',
  )
  expect((await server.get('/agent-menu.json')).status).toBe(200)
})

test('serve() in watch mode outlives its content folder', async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  write(content, { [GREET]: greetPrompt('Before.') })
  await eventually(
    () => greeting(server),
    (text) => text.includes('Before.'),
  )
  rmSync(content, { recursive: true })
  await eventually(
    () => status(server),
    (now) => now === 'stale',
  )
  expect(await greeting(server)).toContain('Before.')
  contentFolder(join(content, '..'))
  await eventually(
    () => status(server),
    (now) => now === 'live',
  )
  write(content, { [GREET]: greetPrompt('After.') })
  await eventually(
    () => greeting(server),
    (text) => text.includes('After.'),
  )
})

test('serve() in watch mode hears of folders that are replaced inside its content', async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  for (const round of [1, 2, 3]) {
    rmSync(join(content, 'agents'), { recursive: true })
    if (round === 2)
      await eventually(
        () => status(server),
        (now) => now === 'stale' || now === 'live',
      )
    contentFolder(join(content, '..'))
    write(content, { [GREET]: greetPrompt(`Replaced ${round}.`) })
    await eventually(
      () => greeting(server),
      (text) => text.includes(`Replaced ${round}.`),
    )
    write(content, { [GREET]: greetPrompt(`Edited ${round}.`) })
    await eventually(
      () => greeting(server),
      (text) => text.includes(`Edited ${round}.`),
    )
  }
})

test('serve() goes on with the last good release when its store cannot be written', async () => {
  const content = contentFolder()
  const store = scratch()
  const server = await running(content, { watch: true, store })
  const good = (await channel(server, 'dev'))?.pointer
  // A file where releases are kept: even root cannot write below it.
  rmSync(join(store, 'releases'), { recursive: true })
  writeFileSync(join(store, 'releases'), '')
  write(content, { [GREET]: greetPrompt('Not kept.') })
  const stale = await eventually(
    () => channel(server, 'dev'),
    (one) => one?.status === 'stale',
  )
  expect(stale?.pointer).toEqual(good)
  expect(stale?.diagnostics.map(({ code }) => code)).toContain('publish/failed')
  expect((await server.get('/agent-menu.json')).status).toBe(200)
})

test('serve() answers 304 to the fetch of Node itself', async () => {
  const server = await running(contentFolder())
  const first = await server.get('/agent-menu.json')
  const again = await server.get('/agent-menu.json', { 'If-None-Match': first.headers.get('etag') ?? '' })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('serve() leaves a damaged release of its store alone', async () => {
  const content = contentFolder()
  const store = scratch()
  const server = await running(content, { store })
  const old = (await channel(server, 'dev'))?.pointer?.release
  const greet = await greeting(server)
  await server.close()
  write(content, { [GREET]: greetPrompt('Newer.') })
  writeFileSync(join(store, 'objects', digestOf(greet)), 'flipped')
  const again = await running(content, { store })
  expect((await again.get(`/v/${old}/agents-hello-greet.md`)).status).toBe(404)
  expect(await greeting(again)).toContain('Newer.')
})
