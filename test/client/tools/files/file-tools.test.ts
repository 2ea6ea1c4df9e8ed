import { lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileTools } from '../../../../client/tools/files/file-tools.ts'
import { grepTool } from '../../../../client/tools/files/grep.ts'
import { TOOLS } from '../../../../schemas/agent-prompt.ts'

let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'tools-'))
})
afterEach(() => rm(app, { recursive: true, force: true }))

function use(tool: string, input: unknown, signal = new AbortController().signal): Promise<string> {
  const found = fileTools(app).find(({ name }) => name === tool)
  return found ? found.run(input, signal) : Promise.reject(new Error(`no ${tool}`))
}
const put = async (file: string, content: string | Uint8Array) => {
  await mkdir(join(app, file, '..'), { recursive: true })
  await writeFile(join(app, file), content)
}
const text = (file: string) => readFile(join(app, file), 'utf8')

test('fileTools() are the tools that prompts may name, each with a schema of its input', () => {
  for (const { name, input, description } of fileTools(app)) {
    expect(TOOLS).toContain(name)
    expect(input).toMatchObject({ type: 'object', additionalProperties: false })
    expect(description).not.toBe('')
  }
})

describe('Read', () => {
  test('answers the bytes as text, or a range of lines', async () => {
    await put('a.txt', 'one\r\ntwo\nthree')
    expect(await use('Read', { file_path: 'a.txt' })).toBe('one\r\ntwo\nthree')
    expect(await use('Read', { file_path: 'a.txt', offset: 2, limit: 1 })).toBe('two\n')
    expect(await use('Read', { file_path: 'a.txt', offset: 9 })).toContain('3 lines')
  })

  test('wants a range for more than 256 KiB, and never answers more', async () => {
    await put('big.txt', 'x'.repeat(99).concat('\n').repeat(4000))
    await expect(use('Read', { file_path: 'big.txt' })).rejects.toThrow('give offset and limit')
    expect(
      (await use('Read', { file_path: 'big.txt', offset: 1, limit: 10_000 })).length,
    ).toBeLessThanOrEqual(262_144)
  })

  test('refuses what is no text file of the project', async () => {
    await put('bytes.bin', new Uint8Array([1, 0, 2]))
    await put('.env', 'KEY=secret')
    await symlink('.env', join(app, 'innocent'))
    await symlink('/etc/hostname', join(app, 'host'))
    for (const file_path of [
      'bytes.bin',
      '.',
      'none',
      '.env',
      'innocent',
      'host',
      '/etc/hostname',
      '/dev/zero',
    ]) {
      await expect(use('Read', { file_path })).rejects.toThrow(/^Cannot (read|use)/)
    }
    await expect(use('Read', { file: 'a' })).rejects.toThrow('file_path')
  })
})

describe('Write and Edit', () => {
  test('Write creates folders, replaces whole files, and leaves nothing beside them', async () => {
    expect(await use('Write', { file_path: 'a/b/c.txt', content: '1' })).toBe('Created a/b/c.txt')
    expect(await use('Write', { file_path: './a/b/c.txt', content: '2' })).toBe('Replaced a/b/c.txt')
    expect(await text('a/b/c.txt')).toBe('2')
    expect(await use('Glob', { pattern: '**' })).toBe('a/b/c.txt')
  })

  test('Write and Edit keep the mode of a file and refuse links out, folders and environment values', async () => {
    await writeFile(join(app, 'run.sh'), 'a', { mode: 0o755 })
    await use('Edit', { file_path: 'run.sh', old_string: 'a', new_string: 'b' })
    expect((await stat(join(app, 'run.sh'))).mode & 0o777).toBe(0o755)
    await symlink(join(tmpdir(), 'tools-outside.txt'), join(app, 'out.txt'))
    await put('.env', 'KEY=secret')
    for (const file_path of ['out.txt', '.env', '.', '../x.txt']) {
      await expect(use('Write', { file_path, content: 'x' })).rejects.toThrow()
      await expect(use('Edit', { file_path, old_string: 'KEY', new_string: 'x' })).rejects.toThrow()
    }
    await expect(lstat(join(tmpdir(), 'tools-outside.txt'))).rejects.toThrow()
    expect(await text('.env')).toBe('KEY=secret')
  })

  test('Edit replaces one exact piece, or all when asked, and no byte more', async () => {
    await put('a.txt', '\ufeffone $& two\r\none\r\n')
    const edit = (old_string: string, new_string: string, more = {}) =>
      use('Edit', { file_path: 'a.txt', old_string, new_string, ...more })
    await edit('two', '$1$&')
    expect(await text('a.txt')).toBe('\ufeffone $& $1$&\r\none\r\n')
    await expect(edit('one', 'x')).rejects.toThrow('occurs 2 times')
    await expect(edit('none', 'x')).rejects.toThrow('does not occur')
    await expect(edit('one', 'one')).rejects.toThrow('equal')
    expect(await edit('one', 'x', { replace_all: true })).toContain('2 places')
    await put('latin.txt', new Uint8Array([0x63, 0xe9]))
    await expect(use('Edit', { file_path: 'latin.txt', old_string: 'c', new_string: 'd' })).rejects.toThrow(
      'UTF-8',
    )
  })

  test('Write and Edit refuse a file that has changed since their own agent read it, until it reads again', async () => {
    const [mine, other] = [fileTools(app), fileTools(app)]
    const by = (agent: typeof mine, name: string, input: object) =>
      agent.find((tool) => tool.name === name)?.run(input, new AbortController().signal)
    const file_path = 'a.txt'
    await put(file_path, 'one')
    await by(mine, 'Read', { file_path })
    await by(other, 'Edit', { file_path, old_string: 'one', new_string: 'one two' })
    const change = { file_path, old_string: 'one', new_string: 'ONE' }
    await expect(by(mine, 'Edit', change)).rejects.toThrow('it has changed since you read it')
    await expect(by(mine, 'Write', { file_path, content: '' })).rejects.toThrow('changed since you read it')
    await by(mine, 'Read', { file_path })
    await by(mine, 'Edit', change)
    await by(mine, 'Edit', { file_path, old_string: 'two', new_string: 'TWO' })
    expect(await text(file_path)).toBe('ONE TWO')
    await expect(by(mine, 'Read', { file_path: 'new.txt' })).rejects.toThrow('no such file')
    await by(other, 'Write', { file_path: 'new.txt', content: 'theirs' })
    const over = { file_path: 'new.txt', content: 'mine' }
    await expect(by(mine, 'Write', over)).rejects.toThrow('changed since you read it')
    expect(await text('new.txt')).toBe('theirs')
  })

  test('Edit loses no change when many agents edit one file at once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `<${index}>`)
    await put('a.txt', names.join('\n'))
    await Promise.all(
      names.map((name) => use('Edit', { file_path: 'a.txt', old_string: name, new_string: `${name}!` })),
    )
    expect(await text('a.txt')).toBe(names.map((name) => `${name}!`).join('\n'))
  })
})

describe('Grep and Glob', () => {
  beforeEach(async () => {
    await put('src/a.ts', 'let needle = 1\nlet other\nneedle\n')
    await put('src/b.md', 'needle\n')
    for (const folder of ['node_modules', '.git', '.next', '.mill']) await put(`${folder}/x.ts`, 'needle\n')
    await put('bytes.ts', new Uint8Array([...Buffer.from('needle'), 0]))
    await put('.env.local', 'needle=1\n')
    await symlink('..', join(app, 'src/up'))
  })

  test('Grep tells path, line and text, and leaves out what nobody should search', async () => {
    expect(await use('Grep', { pattern: '^needle|needle =' })).toBe(
      'src/a.ts:1: let needle = 1\nsrc/a.ts:3: needle\nsrc/b.md:1: needle',
    )
    expect(await use('Grep', { pattern: 'needle', glob: '**/*.md' })).toBe('src/b.md:1: needle')
    expect(await use('Grep', { pattern: 'needle', path: 'src/b.md' })).toBe('src/b.md:1: needle')
    expect(await use('Grep', { pattern: 'nothing' })).toMatch(/^\(no line matches/)
    await expect(use('Grep', { pattern: '(' })).rejects.toThrow('expected a regular expression')
    await expect(use('Grep', { pattern: 'needle', path: '.env.local' })).rejects.toThrow('environment values')
  })

  test('Grep gives up on a pattern that runs for ever, and on a signal', async () => {
    await put('src/evil.txt', `${'a'.repeat(60)}!\n`)
    const search = { pattern: '^(a+)+$', path: 'src/evil.txt' }
    await expect(grepTool(app, 300).run(search, new AbortController().signal)).rejects.toThrow('in time')
    const stop = new AbortController()
    const searching = use('Grep', search, stop.signal)
    stop.abort()
    await expect(searching).rejects.toThrow('in time')
  })

  test('Grep shows at most 200 lines, each clipped', async () => {
    await put('long.txt', `${'needle '.repeat(100)}\n`.repeat(300))
    const lines = (await use('Grep', { pattern: 'needle', path: 'long.txt' })).split('\n')
    expect(lines).toHaveLength(201)
    expect(lines.at(-1)).toContain('more than 200')
    expect(lines[0]?.length).toBeLessThan(330)
  })

  test('Glob lists files, dot files too, sorted, and follows no link', async () => {
    await put('app/[id]/page.tsx', '')
    expect(await use('Glob', { pattern: '**' })).toBe(
      '.env.local\nbytes.ts\napp/[id]/page.tsx\nsrc/a.ts\nsrc/b.md',
    )
    expect(await use('Glob', { pattern: '*.ts', path: 'src' })).toBe('src/a.ts')
    expect(await use('Glob', { pattern: '{app,src/app}/**/page.{tsx,jsx}' })).toBe('app/[id]/page.tsx')
    expect(await use('Glob', { pattern: '../*' })).toMatch(/^\(no file matches/)
    await expect(use('Glob', { pattern: '*', path: 'src/up/..' })).rejects.toThrow('".."')
  })
})
