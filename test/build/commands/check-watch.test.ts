import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { SMALL, start, withContent, write } from './mill.ts'

/** What was printed since the last call, once it holds `text`. */
function reader(stream: PassThrough) {
  let held = ''
  stream.on('data', (chunk) => {
    held += chunk
  })
  return async (text: string) => {
    for (let left = 400; left > 0; left--) {
      if (held.includes(text)) {
        const seen = held
        held = ''
        return seen
      }
      await new Promise((done) => setTimeout(done, 25))
    }
    throw new Error(`"${text}" was not printed, but ${JSON.stringify(held)}`)
  }
}

function watching(dir: string, ...args: string[]) {
  const interrupt = new AbortController()
  const { stdout, stderr, ended, code } = start(dir, ['check', '--watch', ...args], {
    signal: interrupt.signal,
  })
  return { next: reader(stdout), errors: reader(stderr), interrupt, ended, code }
}

const GREET = 'content/agents/hello/greet.md'

test('mill check --watch checks again after every change, and ends with 130', async () => {
  const dir = withContent()
  const { next, interrupt, ended, code } = watching(dir)
  expect(await next('watching; Ctrl-C ends')).toMatch(
    /^no problems found\n\d\d:\d\d:\d\d {2}checked content in \d+ ms, watching; Ctrl-C ends\n$/,
  )
  const sound = readFileSync(join(dir, GREET), 'utf8')
  writeFileSync(join(dir, GREET), sound.replace('Read', 'Raed'))
  expect(await next('watching')).toMatch(
    /validate\/value[\s\S]*Did you mean "Read"\?[\s\S]*\n1 error, 0 warnings\n/,
  )
  renameSync(join(dir, GREET), join(dir, 'content/agents/hello/gone.txt'))
  expect(await next('watching')).not.toContain('validate/value')
  rmSync(join(dir, 'content/agents/hello/gone.txt'))
  writeFileSync(join(dir, GREET), sound)
  expect(await next('no problems found')).not.toContain('error')
  interrupt.abort()
  expect([await ended, code()]).toEqual([undefined, 130])
})

test('mill check --watch hears of example apps, and follows no link', async () => {
  const dir = withContent()
  write(dir, {
    'apps/a/x.js': 'one()\n',
    'elsewhere/x.md': 'x\n',
    'content/skills/shown/t.md': '# {display_name}\n\n{references}\n',
    'content/skills/shown/config.yaml':
      'template: t.md\ndescription: Shown\nvariants:\n  - id: all\n    display_name: Shown\n    example_paths: apps/a\n',
  })
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'apps/a/linked'))
  const { next, interrupt, ended } = watching(dir)
  await next('watching')
  write(dir, { 'apps/a/y.js': '// @ignoreBlockStart\n' })
  expect(await next('watching')).toContain('example/marker')
  write(dir, { 'elsewhere/x.md': 'y\n', 'content/.hidden/x.md': 'x', 'apps/a/node_modules/b/i.js': 'x\n' })
  await expect(
    Promise.race([next('watching'), new Promise((done) => setTimeout(() => done('silent'), 700))]),
  ).resolves.toBe('silent')
  interrupt.abort()
  await ended
})

test('mill check --watch outlives its content, and takes it up again', async () => {
  const dir = withContent()
  const { next, errors, interrupt, ended, code } = watching(dir, '--format', 'json')
  expect(await next('}')).toBe('{"diagnostics":[]}\n')
  await errors('watching')
  renameSync(join(dir, 'content'), join(dir, 'away'))
  expect(await errors('content/not-found')).toContain('error content/not-found: Cannot read content from')
  mkdirSync(join(dir, 'content'))
  cpSync(SMALL, join(dir, 'content'), { recursive: true })
  await errors('watching')
  write(dir, { 'content/agents/hello/extra.md': 'x' })
  expect(await next('frontmatter-missing')).toContain('content/agents/hello/extra.md')
  interrupt.abort()
  expect([await ended, code()]).toEqual([undefined, 130])
})

test('mill check --watch holds content against the ceiling of a channel, as that is at each check', async () => {
  const dir = withContent()
  write(dir, {
    'content/ceiling.yaml': 'channels: {"*": {tools: [Read, Edit, enqueue_task, complete_task]}}\n',
  })
  const { next, errors, interrupt, ended } = watching(dir, '--channel', 'experiment-x')
  const first = await next('watching')
  write(dir, { 'content/ceiling.yaml': 'channels: {"*": {tools: []}}\n' })
  expect(await next('watching')).toContain('allows no tool at all')
  expect(first).not.toContain('allows no tool at all')
  write(dir, { 'content/ceiling.yaml': 'channels: [\n' })
  expect(await errors('Cannot use the ceiling')).toContain('ceiling/unreadable')
  write(dir, { 'content/ceiling.yaml': 'channels: {}\n' })
  expect(await next('watching')).not.toContain('ceiling/tool')
  interrupt.abort()
  await ended
})
