import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { digestOf } from '../../../schemas/digest.ts'
import { mill } from '../../house/mill.ts'
import { fetching } from './fetching.ts'
import { inTurn, text } from './source.ts'

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
  const ended = await mill([command, '--content', content, '--format', 'json', ...out, ...cache, ...flags])
  const codes =
    ended.stdout === '' ? [] : JSON.parse(ended.stdout).diagnostics.map(({ code }: { code: string }) => code)
  return { code: ended.code, codes, stderr: ended.stderr }
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
  expect((await run('build', '--offline', '--update-lock')).code).toBe(2)
  const nowhere = await run('check', '--docs-from', join(scratch(), 'nowhere'))
  expect(nowhere.code).toBe(2)
  expect(nowhere.stderr).toContain('error fetch/docs-from: Cannot take documents from')
})
