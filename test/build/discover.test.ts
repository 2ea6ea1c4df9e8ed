import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isContentPath } from '../../build/content-path.ts'
import { discover } from '../../build/discover.ts'
import { CommandError } from '../../schemas/cli.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mill-discover-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text = 'x'): string {
  const full = join(root, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
  return full
}

describe('discover()', () => {
  test('reads content sorted by path, and nothing that is not content', async () => {
    const paths = [
      'skills/b/SKILL.md',
      'agents/f/b.md',
      'agents/f/a.md',
      'commandments.yaml',
      'skills/README.md',
    ]
    for (const path of paths) write(path, path)
    for (const path of [
      '.git/config',
      'agents/.hidden/a.md',
      'agents/README.md',
      'agents/f/readme.md',
      'node_modules/x/a.md',
      'skills/b/.env',
    ])
      write(path)
    const { files, diagnostics } = await discover(root)
    expect(files.map(({ path }) => path)).toEqual([...paths].sort())
    expect(files.map(({ bytes }) => new TextDecoder().decode(bytes))).toEqual([...paths].sort())
    expect(diagnostics).toEqual([])
  })

  test('follows no link and opens no socket, and says so', async () => {
    write('agents/f/a.md')
    const outside = mkdtempSync(join(tmpdir(), 'mill-outside-'))
    writeFileSync(join(outside, 'secret.md'), 'secret')
    symlinkSync(outside, join(root, 'skills'))
    symlinkSync(join(outside, 'secret.md'), join(root, 'agents/f/b.md'))
    symlinkSync('nowhere', join(root, 'agents/f/c.md'))
    const socket = createServer().listen(join(root, 'agents/f/d.md'))
    await once(socket, 'listening')
    const { files, diagnostics } = await discover(root)
    rmSync(outside, { recursive: true })
    socket.close()
    expect(files.map(({ path }) => path)).toEqual(['agents/f/a.md'])
    expect(diagnostics.map(({ path, code }) => [path, code])).toEqual([
      ['agents/f/b.md', 'discover/link'],
      ['agents/f/c.md', 'discover/link'],
      ['agents/f/d.md', 'discover/special-file'],
      ['skills', 'discover/link'],
    ])
  })

  test('leaves a file unread that is too large', async () => {
    truncateSync(write('skills/a/assets/big.bin'), 5 * 1024 * 1024 + 1)
    truncateSync(write('skills/a/assets/fits.bin'), 5 * 1024 * 1024)
    const { files, diagnostics } = await discover(root)
    expect(files).toHaveLength(1)
    expect(diagnostics).toMatchObject([
      { path: 'skills/a/assets/big.bin', code: 'discover/too-large', line: 1, column: 1 },
    ])
  })

  test.skipIf(process.getuid?.() === 0)('says which file it may not read', async () => {
    chmodSync(write('agents/f/a.md'), 0)
    expect((await discover(root)).diagnostics).toMatchObject([
      { path: 'agents/f/a.md', code: 'discover/unreadable' },
    ])
  })

  test.each(['gone', 'file'])('refuses a root that is no folder: %s', async (name) => {
    write('file')
    const error = await discover(join(root, name)).catch((reason) => reason)
    expect(error).toBeInstanceOf(CommandError)
    expect(error).toMatchObject({ code: 'content/not-found', exit: 2 })
    expect(error.message).toContain(join(root, name))
  })
})

test.each([
  ['agents/f/a.md', true],
  ['docs/x.md', true],
  ['agents/f/README.md', false],
  ['skills/a/README.md', true],
  ['skills/.x/a.md', false],
  ['node_modules/a/b.md', false],
])('isContentPath(%j) is %j', (path, expected) => {
  expect(isContentPath(path)).toBe(expected)
})
