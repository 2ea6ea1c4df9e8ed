import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, onTestFinished, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { watchExamples } from '../../../server/source/watch-examples.ts'
import { contentFolder, scratch, write } from '../scratch.ts'
import { eventually, type Running, running } from '../serving.ts'

const shown = (...apps: readonly string[]) => ({
  'skills/shown/template.md': '# {display_name}\n\n{references}\n',
  'skills/shown/config.yaml': `type: skill\ntemplate: template.md\ndescription: Shown\nvariants:\n  - id: all\n    display_name: Shown\n    example_paths: [${apps.join(', ')}]\n`,
})

async function example(server: Running): Promise<string> {
  const zip = await server.get('/channels/dev/shown.zip')
  if (zip.status !== 200) return String(zip.status)
  const files = unzipSync(Buffer.from(await zip.arrayBuffer()))
  return Buffer.from(files['references/EXAMPLE.md'] ?? []).toString()
}

test('serve() in watch mode answers what was saved in an example app, also one that came later', async () => {
  const dir = scratch()
  const content = contentFolder(dir)
  write(dir, { 'apps/a/main.ts': 'first()\n' })
  write(content, shown('apps/a'))
  const server = await running(content, { watch: true })
  expect(await example(server)).toContain('first()')
  for (const text of ['second()', 'third()']) {
    write(dir, { 'apps/a/main.ts': `${text}\n`, 'apps/a/deep/new.ts': `${text}\n` })
    await eventually(
      () => example(server),
      (now) => now.split(text).length === 3,
    )
  }
  write(content, shown('apps/later'))
  await eventually(
    async () => (await server.channels()).channels[0]?.status,
    (status) => status === 'stale',
  )
  write(dir, { 'apps/later/main.ts': 'late()\n' })
  await eventually(
    () => example(server),
    (now) => now.includes('late()'),
  )
  expect(server.bugs).toEqual([])
})

test('watchExamples() hears of named apps only, of what is not skipped there, and of nothing behind links', async () => {
  const dir = scratch()
  const content = contentFolder(dir)
  write(dir, { 'apps/a/main.ts': '1', 'apps/b/main.ts': '1', 'real/main.ts': '1' })
  mkdirSync(join(dir, 'apps/a/node_modules'))
  symlinkSync(join(dir, 'real'), join(dir, 'linked'))
  const hints: number[] = []
  const watch = watchExamples(content, () => void hints.push(performance.now()))
  onTestFinished(watch.close)
  const follow = async (...apps: readonly string[]) => {
    write(content, shown(...apps))
    await watch.follow((await discover(content)).files)
  }
  /** Hints of all these, once there are some or settling and two looks are over. */
  const heard = async (...paths: readonly string[]) => {
    if (hints.length > 0) await sleep(LONG_ENOUGH_MS)
    hints.length = 0
    for (const path of paths) write(dir, { [path]: String(performance.now()) })
    for (let waited = 0; hints.length === 0 && waited < LONG_ENOUGH_MS; waited += 20) await sleep(20)
    return hints.length > 0
  }
  await follow('apps/a', 'linked')
  expect(await heard('apps/a/main.ts')).toBe(true)
  expect(await heard('apps/a/node_modules/x.js', 'apps/b/main.ts', 'real/main.ts')).toBe(false)
  write(content, { 'skip-patterns.yaml': 'global:\n  includes: [.css]\n' })
  await follow('apps/a', 'apps/b')
  expect(await heard('apps/a/x.css')).toBe(false)
  expect(await heard('apps/b/main.ts')).toBe(true)
  await follow('apps/a')
  expect(await heard('apps/b/main.ts')).toBe(false)
}, 40_000)

test('watchExamples() leaves no watcher behind when it is closed while it opens them', async () => {
  const dir = scratch()
  const content = contentFolder(dir)
  write(dir, { 'apps/a/main.ts': '1', 'apps/b/main.ts': '1' })
  write(content, shown('apps/a', 'apps/b'))
  const watch = watchExamples(content, () => {})
  const following = watch.follow((await discover(content)).files)
  await watch.close()
  await following
  expect(process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap')).toEqual([])
})

/** Longer than settling and two looks take. */
const LONG_ENOUGH_MS = 2_400

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
