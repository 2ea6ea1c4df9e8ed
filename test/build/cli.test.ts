import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildCommands } from '../../build/cli.ts'
import { readPointer } from '../../build/publish.ts'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import type { CliIo } from '../../schemas/cli.ts'
import { diagnosticsReportSchema } from '../../schemas/diagnostic.ts'

const FIXTURES = join(import.meta.dirname, '../fixtures')
const SMALL = join(FIXTURES, 'content-small')
const BROKEN = join(FIXTURES, 'broken/unknown-tool')

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'mill-cli-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

async function mill(
  ...args: string[]
): Promise<{ out: string; err: string; code: number; error?: Error & { code: string } }> {
  let code = 0
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const io: CliIo = {
    stdout,
    stderr,
    env: {},
    cwd,
    signal: new AbortController().signal,
    exit: (verdict) => {
      code = verdict
    },
  }
  const program = new Command('mill')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
  for (const command of buildCommands(io)) program.addCommand(command.copyInheritedSettings(program))
  const error = await program.parseAsync(['node', 'mill', ...args]).then(
    () => undefined,
    (reason) => reason,
  )
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { out: read(stdout), err: read(stderr), code, ...(error === undefined ? {} : { error }) }
}

describe('mill check', () => {
  test('ends with 0 on a sound tree and with 1 on an error', async () => {
    expect(await mill('check', '--content', SMALL)).toEqual({ out: 'no problems found\n', err: '', code: 0 })
    const { out, code } = await mill('check', '--content', BROKEN)
    expect(code).toBe(1)
    expect(out).toContain(`${BROKEN}/agents/demo/task.md:5:22  error  validate/value`)
    expect(out).toContain('Did you mean "Bash"?')
  })

  test('ends with 0 when there are only warnings', async () => {
    const { out, code } = await mill('check', '--content', join(FIXTURES, 'broken/skill-stray-file'))
    expect([out.includes('0 errors, 1 warning'), code]).toEqual([true, 0])
  })

  test('prints nothing but json when asked for json', async () => {
    const { out, err, code } = await mill('check', '--content', BROKEN, '--format', 'json')
    const [first] = diagnosticsReportSchema.parse(JSON.parse(out)).diagnostics
    expect(first).toMatchObject({ path: `${BROKEN}/agents/demo/task.md`, line: 5, column: 22 })
    expect([err, code]).toEqual(['', 1])
  })

  test('refuses a folder that is not there, and a format it does not know', async () => {
    expect((await mill('check', '--content', 'gone')).error).toMatchObject({
      code: 'content/not-found',
      exit: 2,
    })
    expect((await mill('check', '--format', 'xml')).error).toMatchObject({
      code: 'commander.invalidArgument',
    })
  })
})

describe('mill build', () => {
  test('writes a release that any static host can serve', async () => {
    const { out, code } = await mill(
      'build',
      '--content',
      SMALL,
      '--out',
      'site',
      '--base-url',
      'https://example.com/mill',
    )
    expect([out, code]).toEqual([
      expect.stringMatching(
        /^release [0-9a-f]{64}: 1 flow, 4 agent prompts, 4 skills, 1 bundle.*\nwritten to site/,
      ),
      0,
    ])
    const menu = agentMenuSchema.parse(JSON.parse(readFileSync(join(cwd, 'site/agent-menu.json'), 'utf8')))
    expect(menu.releaseUrl).toBe('https://example.com/mill/')
    for (const { downloadUrl } of menu.agents)
      expect(existsSync(join(cwd, 'site', downloadUrl.slice(menu.releaseUrl.length)))).toBe(true)
  })

  test('writes to dist unless it is told where', async () => {
    await mill('build', '--content', SMALL)
    expect(readdirSync(cwd)).toEqual(['dist'])
  })

  test('publishes to channel dev of a store', async () => {
    const { out } = await mill('build', '--content', SMALL, '--store', 'store')
    expect(out).toContain('published to channel dev of store, serial 1\n')
    expect((await readPointer(join(cwd, 'store'), 'dev'))?.commit).toBeNull()
    expect(readdirSync(cwd)).toEqual(['store'])
  })

  test('writes nothing when there is an error', async () => {
    const { code } = await mill('build', '--content', BROKEN, '--out', 'site', '--store', 'store')
    expect([code, readdirSync(cwd)]).toEqual([1, []])
  })

  test('keeps stdout to the json when asked for json', async () => {
    const { out, err } = await mill('build', '--content', SMALL, '--format', 'json')
    expect(out).toBe('{"diagnostics":[]}\n')
    expect(err).toContain('release ')
  })

  test('replaces an earlier release, and nothing that is not one', async () => {
    await mill('build', '--content', SMALL, '--out', 'site')
    expect((await mill('build', '--content', SMALL, '--out', 'site')).error).toBeUndefined()
    mkdirSync(join(cwd, 'mine'))
    writeFileSync(join(cwd, 'mine/thesis.txt'), 'years of work')
    for (const out of ['mine', 'mine/thesis.txt', '.']) {
      expect((await mill('build', '--content', SMALL, '--out', out)).error, out).toMatchObject({
        code: 'build/out',
        exit: 2,
      })
    }
    expect(readFileSync(join(cwd, 'mine/thesis.txt'), 'utf8')).toBe('years of work')
  })

  test.each(['localhost:8765', 'ftp://x', 'https://x/?a=b', 'nonsense'])(
    'refuses the base URL %j',
    async (url) => {
      expect((await mill('build', '--content', SMALL, '--base-url', url)).error).toMatchObject({
        code: 'build/base-url',
        exit: 2,
      })
    },
  )
})

describe('mill new', () => {
  test('makes what passes mill check', async () => {
    const { out } = await mill('new', 'flow', 'my-flow')
    expect(out).toBe('created content/agents/my-flow/seed.md\ncreated content/agents/my-flow/first-task.md\n')
    await mill('new', 'agent', 'my-flow/second')
    expect(await mill('check')).toEqual({ out: 'no problems found\n', err: '', code: 0 })
    await mill('new', 'skill', 'my-skill', '--content', 'content')
    const { out: told, code } = await mill('check')
    expect([told.match(/[a-z]+\/[a-z-]+ {2}/g), code]).toEqual([['lint/unused-skill  '], 0])
  })

  test('overwrites nothing, and creates nothing beside what it may not overwrite', async () => {
    await mill('new', 'agent', 'my-flow/first-task')
    expect((await mill('new', 'flow', 'my-flow')).error).toMatchObject({ code: 'new/exists' })
    expect(readdirSync(join(cwd, 'content/agents/my-flow'))).toEqual(['first-task.md'])
    await mill('new', 'skill', 'mine')
    writeFileSync(join(cwd, 'content/skills/mine/SKILL.md'), 'my words')
    expect((await mill('new', 'skill', 'mine')).error).toMatchObject({ code: 'new/exists', exit: 1 })
    expect(readFileSync(join(cwd, 'content/skills/mine/SKILL.md'), 'utf8')).toBe('my words')
  })

  test.each([
    ['agent', 'flow'],
    ['agent', 'a/b/c'],
    ['agent', '../x'],
    ['flow', '../x'],
    ['flow', 'Ä'],
    ['skill', 'a_b'],
    ['skill', ''],
  ])('refuses the name of %s %j', async (kind, name) => {
    expect((await mill('new', kind, name)).error).toMatchObject({ code: 'new/name', exit: 2 })
    expect(readdirSync(cwd)).toEqual([])
  })
})

test('every command has help with an example', async () => {
  for (const args of [
    ['check'],
    ['build'],
    ['graph'],
    ['diff'],
    ['explain'],
    ['budget'],
    ['new'],
    ['new', 'agent'],
    ['new', 'flow'],
    ['new', 'skill'],
  ]) {
    const { out } = await mill(...args, '--help')
    expect(out, args.join(' ')).toContain('Examples:\n  $ mill')
    expect(out).not.toMatch(/^ {2}--\S+( <\S+>)?$/m)
  }
})
