import { expect, test } from 'vitest'
import { fetchDocuments } from '../../../build/fetch/fetch-documents.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { codes, FROM, fetching, request } from './fetching.ts'
import { inTurn, type Reply, status, text } from './source.ts'

const { scratch, pauses, source, fetchAll } = fetching()

test('fetchDocuments() gives text, digest and title, and pins what it sees first', async () => {
  const { origin } = await source({ '/a.md': text('\uFEFF# Alpha\r\n\r\nText\r\n') })
  const url = `${origin}/a.md`
  const { byUrl, lock, diagnostics } = await fetchAll([`${url}#part`])
  const digest = digestOf('\uFEFF# Alpha\r\n\r\nText\r\n')
  expect(diagnostics).toEqual([])
  expect([...byUrl]).toEqual([[url, { text: '# Alpha\n\nText\n', digest, title: 'Alpha' }]])
  expect([...lock]).toEqual([[url, { digest, size: 20 }]])
})

test('fetchDocuments() asks once for a document however often it is referred to, and tells of it at each place', async () => {
  const { origin, asked } = await source({})
  const url = `${origin}/gone.md`
  const options = {
    lock: new Map(),
    cache: scratch(),
    local: { inside: () => undefined, beside: async () => ({ status: 'missing' as const }) },
  }
  const { diagnostics } = await fetchDocuments([request(url, 3, 5), request(url, 9, 7)], options)
  expect(asked).toEqual(['/gone.md'])
  expect(diagnostics).toEqual(
    [
      [3, 5],
      [9, 7],
    ].map(([line, column]) => ({
      path: FROM,
      line,
      column,
      severity: 'error',
      code: 'fetch/unreachable',
      message: `Cannot fetch "${url}": it answered 404, expected a document`,
    })),
  )
})

test('fetchDocuments() asks several sources at once, never more than `concurrency`', async () => {
  let open = 0
  let most = 0
  const waiting: (() => void)[] = []
  const reply: Reply = (_, response) => {
    most = Math.max(most, ++open)
    waiting.push(() => {
      open--
      response.end('# Text')
    })
    // The last ones come when fewer than three are left.
    if (open === 3 || asked.length > 9) for (const go of waiting.splice(0)) go()
  }
  const paths = Array.from({ length: 12 }, (_, at) => `/${at}.md`)
  const { origin, asked } = await source(Object.fromEntries(paths.map((path) => [path, reply])))
  const { byUrl } = await fetchAll(
    paths.map((path) => origin + path),
    { concurrency: 3 },
  )
  expect(byUrl.size).toBe(12)
  expect(most).toBe(3)
})

test('fetchDocuments() asks again after 500 and 429, with growing pauses(), and heeds Retry-After', async () => {
  const { origin, asked } = await source({
    '/a.md': inTurn(status(500), status(503), text('# Text')),
    '/b.md': inTurn(status(429, { 'retry-after': '4' }), text('# Text')),
    '/c.md': inTurn(status(408), status(429, { 'retry-after': '31' })),
  })
  const documents = await fetchAll(
    ['/a.md', '/b.md', '/c.md'].map((path) => origin + path),
    { concurrency: 1 },
  )
  expect(codes(documents)).toEqual(['error fetch/unreachable'])
  expect(asked).toEqual(['/a.md', '/a.md', '/a.md', '/b.md', '/b.md', '/c.md', '/c.md'])
  expect(pauses()).toEqual([250, 500, 4000, 250])
})

test('fetchDocuments() does not ask again after any other 4xx', async () => {
  const { origin, asked } = await source({ '/a.md': status(410) })
  await fetchAll([`${origin}/a.md`])
  expect(asked).toEqual(['/a.md'])
})

test('fetchDocuments() gives up on a source that hangs or drips, once for each attempt', async () => {
  const drip: Reply = (_, response) => {
    const timer = setInterval(() => response.write('x'), 5)
    response.on('close', () => clearInterval(timer))
  }
  const { origin, asked } = await source({ '/hang.md': () => undefined, '/drip.md': drip })
  const documents = await fetchAll([`${origin}/hang.md`, `${origin}/drip.md`], { timeoutMs: 60, attempts: 2 })
  expect(asked.sort()).toEqual(['/drip.md', '/drip.md', '/hang.md', '/hang.md'])
  expect(documents.diagnostics.map(({ message }) => message.split(': it ')[1])).toEqual(
    Array(2).fill('did not answer within 60 ms, expected a document'),
  )
})

test('fetchDocuments() stops when its signal aborts', async () => {
  const stop = new AbortController()
  const { origin } = await source({ '/a.md': () => stop.abort(new Error('interrupted')) })
  await expect(fetchAll([`${origin}/a.md`], { signal: stop.signal })).rejects.toThrow('interrupted')
})

test('fetchDocuments() does not ask again for a copy younger than `freshMs`', async () => {
  const { origin, asked } = await source({ '/a.md': text('# Text') })
  const at = (ms: number) => fetchAll([`${origin}/a.md`], { freshMs: 1000, now: () => new Date(ms) })
  for (const ms of [5000, 5999, 6000, 6500, 2000]) await at(ms)
  expect(asked.length).toBe(3)
})

test('fetchDocuments() leaves a host alone that failed for three documents in a row', async () => {
  const down = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`/${at}`, status(500)]))
  const { origin, asked } = await source(down)
  const all = await fetchAll(
    [1, 2, 3, 4, 5, 6].map((at) => `${origin}/${at}`),
    { concurrency: 1, attempts: 2 },
  )
  expect(asked).toEqual(['/1', '/1', '/2', '/2', '/3', '/3'])
  expect(codes(all)).toEqual(Array(6).fill('error fetch/unreachable'))
  const shaky = await source({
    '/1': status(500),
    '/2': status(500),
    '/3': text('# Text'),
    '/4': status(500),
    '/5': text('# Text'),
  })
  const some = await fetchAll(
    [1, 2, 3, 4, 5].map((at) => `${shaky.origin}/${at}`),
    { concurrency: 1, attempts: 1 },
  )
  expect(some.byUrl.size).toBe(2)
})
