import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { type Reply, startSource, status, text } from '../../build/fetch/source.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, greeting, type Running, running } from '../serving.ts'

const GREET = 'agents/hello/greet.md'

const lore = (...urls: readonly string[]) => ({
  'docs.yaml': urls
    .map(
      (url, at) =>
        `- {id: lore-${at}, display_name: Lore ${at}, description: Lore., release_asset: true, urls: ["${url}"]}\n`,
    )
    .join(''),
})

async function source(replies: Readonly<Record<string, Reply>>) {
  const started = await startSource(replies)
  onTestFinished(started.close)
  return started
}

/** A reply that is held back until the gate opens. */
function gate(reply: Reply): { readonly open: () => void; readonly reply: Reply } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, reply: (...args) => void opened.then(() => reply(...args)) }
}

/** Asks for every document again, however fresh its copy is. */
const ASK_AGAIN = { freshMs: 0 }

const fetchCodes = (diagnostics: readonly Diagnostic[]) =>
  diagnostics.map(({ code }) => code).filter((code) => code.startsWith('fetch/'))
const codesOf = async (server: Running, name = 'dev') =>
  (await channel(server, name))?.diagnostics.map(({ code }) => code)
const lore0 = async (server: Running) => (await server.get('/channels/dev/lore-0.md')).text()

test('serve() waits for documents when there is nothing else to answer with', async () => {
  const content = contentFolder()
  const { origin } = await source({
    '/a.md': (...args) => void setTimeout(() => text('# Far')(...args), 300),
  })
  write(content, lore(`${origin}/a.md`))
  const server = await running(content, { documents: { cache: scratch() } })
  expect(await channel(server, 'dev')).toMatchObject({ status: 'live' })
  expect(await lore0(server)).toContain('# Far')
})

test('serve() answers with copies while their source is silent, and with its answer when that comes', async () => {
  const content = contentFolder()
  const cache = scratch()
  const slow = gate(text('# New'))
  const { origin, asked } = await source({
    '/a.md': (request, response, count) =>
      (count === 0 ? text('# Old') : slow.reply)(request, response, count),
  })
  write(content, lore(`${origin}/a.md`))
  await (await running(content, { documents: { cache } })).close()
  const server = await running(content, { documents: { cache, ...ASK_AGAIN } })
  expect([(await channel(server, 'dev'))?.status, await lore0(server)]).toEqual([
    'live',
    expect.stringContaining('# Old'),
  ])
  slow.open()
  await eventually(
    () => lore0(server),
    (now) => now.includes('# New'),
  )
  expect(asked.length).toBe(2)
})

test('serve() keeps the last good release while a new document is on its way, and follows edits meanwhile', async () => {
  const content = contentFolder()
  const slow = gate(text('# Far'))
  const { origin, asked } = await source({ '/a.md': slow.reply })
  const server = await running(content, { watch: true, documents: { cache: scratch() } })
  const good = (await channel(server, 'dev'))?.pointer
  write(content, lore(`${origin}/a.md`))
  await eventually(
    () => codesOf(server),
    (codes) => codes?.includes('fetch/pending') === true,
  )
  expect(await channel(server, 'dev')).toMatchObject({ status: 'stale', pointer: good })
  write(content, { [GREET]: greetPrompt('Meanwhile.'), 'docs.yaml': 'docs: []\n' })
  await eventually(
    () => greeting(server),
    (now) => now.includes('Meanwhile.'),
  )
  write(content, lore(`${origin}/a.md`))
  slow.open()
  await eventually(
    () => lore0(server),
    (now) => now.includes('# Far'),
  )
  expect(await channel(server, 'dev')).toMatchObject({ status: 'live' })
  expect(asked.length).toBeLessThanOrEqual(2)
  expect(server.bugs).toEqual([])
})

test('serve() says of a source that is down what it said before, though an edit does not wait for it', async () => {
  const content = contentFolder()
  const cache = scratch()
  const { origin } = await source({
    '/a.md': (request, response, count) => {
      if (count === 0) text('# Far')(request, response, count)
      else setTimeout(() => response.destroy(), 150)
    },
  })
  write(content, lore(`${origin}/a.md`))
  await (await running(content, { documents: { cache } })).close()
  const server = await running(content, { watch: true, documents: { cache, ...ASK_AGAIN } })
  await eventually(
    () => codesOf(server),
    (codes) => codes?.includes('fetch/stale') === true,
  )
  const before = server.changes.length
  write(content, { [GREET]: greetPrompt('Edited.') })
  await eventually(
    () => greeting(server),
    (now) => now.includes('Edited.'),
  )
  const since = server.changes.slice(before).map(({ after }) => fetchCodes(after.diagnostics))
  // However often it was built meanwhile.
  expect(since.length).toBeGreaterThan(0)
  expect(since.filter((codes) => codes.join() !== 'fetch/stale')).toEqual([])
})

test('serve() builds a branch from copies, and again once the work tree has fetched what it lacked', async () => {
  const repo = repoWithContent()
  const { origin, asked } = await source({ '/a.md': text('# Far'), '/b.md': status(200) })
  write(repo.content, lore(`${origin}/a.md`))
  repo.commit('docs')
  write(repo.content, { 'docs.yaml': 'docs: []\n' })
  const server = await running(repo.content, { watch: true, documents: { cache: scratch() } })
  const lacking = await channel(server, 'main')
  expect(lacking?.status).toBe('stale')
  expect(lacking?.diagnostics.find(({ code }) => code === 'fetch/offline')?.fix?.description).toContain(
    'mill check',
  )
  expect(asked).toEqual([])
  write(repo.content, lore(`${origin}/a.md`))
  const mended = await eventually(
    () => channel(server, 'main'),
    (one) => one?.status === 'live',
  )
  expect(fetchCodes(mended?.diagnostics ?? [])).toEqual([])
  expect(asked).toEqual(['/a.md'])
})

test('serve() never passes a preview of documents for the documents', async () => {
  const repo = repoWithContent()
  const store = scratch()
  const preview = scratch()
  write(preview, { 'docs.example/a.md': '# Preview' })
  write(repo.content, lore('https://docs.example/a.md'))
  repo.commit('docs')
  const previewed = await running(repo.content, { store, documents: { cache: scratch(), docsFrom: preview } })
  expect((await channel(previewed, 'main'))?.status).toBe('live')
  expect(previewed.warnings).toEqual([expect.stringContaining('preview')])
  await previewed.close()
  const server = await running(repo.content, { store })
  expect(await channel(server, 'main')).toMatchObject({ status: 'stale', pointer: null })
  expect(await codesOf(server, 'main')).toContain('fetch/offline')
})

test('serve() ends while it waits for documents', async () => {
  const content = contentFolder()
  const { origin, asked } = await source({ '/a.md': () => {} })
  write(content, lore(`${origin}/a.md`))
  const interrupt = new AbortController()
  const serving = running(content, {
    documents: { cache: join(scratch(), 'cache') },
    signal: interrupt.signal,
  })
  await eventually(
    () => asked.length,
    (count) => count > 0,
  )
  interrupt.abort(new Error('SIGINT'))
  await expect(serving).rejects.toThrow('SIGINT')
})
