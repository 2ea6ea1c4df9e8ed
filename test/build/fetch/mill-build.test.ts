import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { digestOf } from '../../../schemas/digest.ts'
import { mill } from '../commands/mill.ts'
import { fetching } from './fetching.ts'
import { inTurn, type Reply, status, text } from './source.ts'

const { scratch, source } = fetching()
let content: string

beforeEach(async () => {
  content = join(scratch(), 'content')
  await mkdir(join(content, 'skills/own'), { recursive: true })
})

function config(origin: string): Promise<void> {
  const lines = ['type: docs-only', 'description: Docs', 'variants: [{id: one, display_name: One}]']
  return writeFile(
    join(content, 'skills/own/config.yaml'),
    [...lines, `shared_docs: [${origin}/a.md]`].join('\n'),
  )
}

async function run(command: 'check' | 'build', ...flags: string[]) {
  const out = command === 'build' ? ['--out', join(scratch(), 'out')] : []
  const cache = ['--cache', join(scratch(), 'cache')]
  const args = [command, '--content', content, '--format', 'json', ...out, ...cache, ...flags]
  const ended = await mill(scratch(), ...args)
  const codes =
    ended.out === '' ? [] : JSON.parse(ended.out).diagnostics.map(({ code }: { code: string }) => code)
  return { code: ended.error?.exit ?? ended.code, codes, stderr: ended.err, error: ended.error }
}

const sums = () => readFile(join(scratch(), 'out/SHA256SUMS'), 'utf8')
const lock = () => readFile(join(content, 'content.lock'), 'utf8').catch(() => undefined)

test('mill build pins documents, and two builds of one commit agree until the lock is updated', async () => {
  const { origin, asked } = await source({ '/a.md': inTurn(text('# One'), text('# Two')) })
  await config(origin)
  expect(await run('build')).toMatchObject({ code: 0, codes: [] })
  const [first, pinned] = [await sums(), await lock()]
  expect(JSON.parse(pinned ?? '').documents).toEqual({
    [`${origin}/a.md`]: { digest: digestOf('# One'), size: 5 },
  })
  expect(await run('build')).toMatchObject({ code: 0, codes: ['fetch/changed'] })
  expect([await sums(), await lock()]).toEqual([first, pinned])
  const before = asked.length
  expect(await run('build', '--offline')).toMatchObject({ code: 0, codes: [] })
  expect([await sums(), await lock(), asked.length]).toEqual([first, pinned, before])
  expect(await run('build', '--update-lock')).toMatchObject({ code: 0, codes: [] })
  expect(await sums()).not.toBe(first)
  expect(JSON.parse((await lock()) ?? '').documents[`${origin}/a.md`].digest).toBe(digestOf('# Two'))
  await rm(join(scratch(), 'cache'), { recursive: true })
  await writeFile(join(content, 'content.lock'), pinned ?? '')
  const refused = await run('build')
  expect(refused).toMatchObject({ code: 1, codes: ['fetch/changed'] })
  expect(await lock()).toBe(pinned)
})

test('mill check writes no lock, and --docs-from neither', async () => {
  const { origin } = await source({ '/a.md': text('# One') })
  await config(origin)
  expect(await run('check')).toMatchObject({ code: 0, codes: [] })
  const host = new URL(origin).host
  await mkdir(join(scratch(), 'docs', host), { recursive: true })
  await writeFile(join(scratch(), 'docs', host, 'a.md'), '# Preview')
  const preview = await run('build', '--docs-from', join(scratch(), 'docs'))
  expect(preview).toMatchObject({ code: 0, codes: [] })
  expect(preview.stderr).toContain('a preview, content.lock is neither checked nor written')
  expect(await lock()).toBeUndefined()
})

test('mill build refuses flags that contradict each other, and a source of documents that is not there', async () => {
  await config('http://127.0.0.1:9')
  expect((await run('build', '--offline', '--update-lock')).error?.code).toBe('commander.conflictingOption')
  const nowhere = await run('check', '--docs-from', join(scratch(), 'nowhere'))
  expect(nowhere.code).toBe(2)
  expect(nowhere.error).toMatchObject({
    code: 'fetch/docs-from',
    message: expect.stringContaining('Cannot take documents from'),
  })
})

test('mill build asks with the ETag of its copy, and keeps copy and lock when the source says 304', async () => {
  const conditions: unknown[] = []
  const reply: Reply = (request, response, count) => {
    conditions.push(request.headers['if-none-match'])
    if (request.headers['if-none-match'] === '"v1"') status(304)(request, response, count)
    else text('# One', { etag: '"v1"' })(request, response, count)
  }
  const { origin } = await source({ '/a.md': reply })
  await config(origin)
  expect(await run('build')).toMatchObject({ code: 0, codes: [] })
  const first = [await sums(), await lock()]
  expect(await run('build', '--update-lock')).toMatchObject({ code: 0, codes: [] })
  expect([await sums(), await lock()]).toEqual(first)
  expect(conditions).toEqual([undefined, '"v1"'])
})

test('mill build --docs-from takes documents from another origin, port and all, and leaves the lock alone', async () => {
  await config('http://docs.lantern.invalid:8080/guides')
  const preview = await source({ '/draft/guides/a.md': text('# Draft') })
  const built = await run('build', '--docs-from', `${preview.origin}/draft/`)
  expect(built).toMatchObject({ code: 0, codes: [] })
  expect(preview.asked).toEqual(['/draft/guides/a.md'])
  const folder = join(scratch(), 'docs/docs.lantern.invalid:8080/guides')
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'a.md'), '# Draft')
  const before = await sums()
  expect(await run('build', '--docs-from', join(scratch(), 'docs'))).toMatchObject({ code: 0, codes: [] })
  expect([await sums(), await lock()]).toEqual([before, undefined])
})
