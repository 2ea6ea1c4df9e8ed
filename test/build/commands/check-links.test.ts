import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { askLinks } from '../../../build/fetch/ask-links.ts'
import { externalLinks } from '../../../build/lint/external-links.ts'
import { decode } from '../../../build/text.ts'
import { type Reply, type Source, startSource, status, text } from '../fetch/source.ts'
import { mill, scratch, write } from './mill.ts'

const real = globalThis.fetch
let source: Source | undefined
afterEach(async () => {
  vi.unstubAllGlobals()
  await source?.close()
})

/** Public hosts, all of them the one server: whatever is asked comes there. */
async function serving(replies: Readonly<Record<string, Reply>>): Promise<Source> {
  const started = await startSource(replies)
  source = started
  vi.stubGlobal('fetch', (url: URL, init: RequestInit) => {
    return real(new URL(`${url.pathname}${url.search}`, started.origin), init)
  })
  return started
}

const SKILL = (body: string) => ({
  'content/skills/plain/SKILL.md': `---\nname: plain\ndescription: A plain skill\n---\n${body}\n`,
})
const RECORD = 'content/content.links.json'
const noHead: Reply = (request, response, count) => {
  if (request.method === 'HEAD') status(405)(request, response, count)
  else text('here')(request, response, count)
}

test('mill check --links records what does not answer, and later checks and builds warn of it without asking', async () => {
  const cwd = scratch()
  const { asked } = await serving({ '/here': text('here'), '/get': noHead, '/guarded': status(403) })
  const links = ['here', 'here#top', 'get', 'guarded', 'gone'].map(
    (path) => `[${path}](https://docs.lantern.dev/${path})`,
  )
  write(
    cwd,
    SKILL(`${links.join(' ')} [x](http://localhost:1/) [y](https://example.com/y) \`[z](https://a.dev/z)\``),
  )

  const first = await mill(cwd, 'check', '--links', '--format', 'json')
  expect(first.err).toContain('3 of 4 external links answered\n')
  expect(first.code).toBe(0)
  const [finding, ...others] = JSON.parse(first.out).diagnostics
  expect(others).toEqual([])
  expect(finding).toMatchObject({ code: 'lint/unanswered-link', severity: 'warning', line: 5 })
  expect(finding.message).toMatch(
    /^Cannot rely on "https:\/\/docs.lantern.dev\/gone": on \d{4}-\d\d-\d\d it answered 404, /,
  )
  expect(asked.sort()).toEqual(['/get', '/get', '/gone', '/gone', '/guarded', '/here'])
  expect(readFileSync(join(cwd, RECORD), 'utf8')).toContain('"https://docs.lantern.dev/gone": {"on":')

  asked.length = 0
  expect((await mill(cwd, 'check', '--format', 'json')).out).toBe(first.out)
  expect((await mill(cwd, 'build')).out).toContain('lint/unanswered-link')
  expect(asked).toEqual([])
})

test('mill check --links forgets a link that answers again, and leaves no empty record', async () => {
  const cwd = scratch()
  await serving({ '/a': status(404) })
  write(cwd, SKILL('See [it](https://docs.lantern.dev/a).'))
  await mill(cwd, 'check', '--links')
  expect(existsSync(join(cwd, RECORD))).toBe(true)
  await source?.close()
  await serving({ '/a': text('a') })
  const { out, err } = await mill(cwd, 'check', '--links')
  expect(out).not.toContain('lint/unanswered-link')
  expect(err).toContain('1 of 1 external links answered\n')
  expect(existsSync(join(cwd, RECORD))).toBe(false)
})

test('a record that cannot be read is a warning, and says what writes it', async () => {
  const cwd = scratch()
  write(cwd, { ...SKILL('Words.'), [RECORD]: '{"version": 2}' })
  const { out, code } = await mill(cwd, 'check', '--format', 'github')
  expect(out).toContain('mill check --links')
  expect(code).toBe(0)
})

test('mill check --links is refused where nothing may be asked', async () => {
  for (const flag of ['--watch', '--write-baseline', '--offline']) {
    expect((await mill(scratch(), 'check', '--links', flag)).error?.message).toContain('cannot be used with')
  }
})

test('askLinks() asks again what may have been a passing trouble, one link of a host at a time', async () => {
  let open = 0
  let most = 0
  const slow: Reply = (request, response, count) => {
    most = Math.max(most, ++open)
    setTimeout(() => {
      open--
      status(count === 0 ? 503 : 200)(request, response, count)
    }, 5)
  }
  const { asked, origin } = await startSource({ '/a': slow, '/b': slow, '/c': slow })
  const pauses: number[] = []
  const sleep = async (ms: number) => void pauses.push(ms)
  expect(
    await askLinks(
      ['/a', '/b', '/c'].map((path) => origin + path),
      { sleep },
    ),
  ).toEqual(new Map())
  expect(asked).toEqual(['/a', '/a', '/b', '/b', '/c', '/c'])
  expect(most).toBe(1)
  expect(pauses).toHaveLength(3)
})

test('askLinks() gives up on a host that is down, says why, and stops when it is told to', async () => {
  const { origin, close } = await startSource({})
  await close()
  const urls = ['/a', '/b', '/c', '/d'].map((path) => origin + path)
  const unanswered = await askLinks(urls, { sleep: async () => {}, attempts: 2 })
  expect([...unanswered.keys()]).toEqual(urls)
  expect(unanswered.get(`${origin}/a`)).toContain('ECONNREFUSED')
  expect(unanswered.get(`${origin}/d`)).toContain('is not asked again')
  await expect(askLinks(urls, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
})

test.each([
  ['https://docs.lantern.dev/a#b', 'https://docs.lantern.dev/a'],
  ['HTTP://Lantern.DEV', 'http://lantern.dev/'],
  ['http://localhost:3000/', undefined],
  ['http://127.0.0.1/', undefined],
  ['http://[::1]/', undefined],
  ['https://intranet/', undefined],
  ['https://www.example.com/', undefined],
  ['https://name:word@lantern.dev/', undefined],
  ['https://lantern.dev/{id}', undefined],
  ['mailto:a@lantern.dev', undefined],
  ['../a.md', undefined],
])('externalLinks() takes %j as %j', (target, url) => {
  const bytes = new TextEncoder().encode(`[a](${target})\n`)
  const texts = ['agents/demo/a.md', 'notes.md'].flatMap((path) => decode({ path, bytes }, () => {}) ?? [])
  const place = { path: 'agents/demo/a.md', line: 1, column: 5 }
  expect(externalLinks(texts)).toEqual(url === undefined ? [] : [{ url, place }])
})
