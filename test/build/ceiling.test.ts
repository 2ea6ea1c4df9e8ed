import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ceilingOf, parseCeiling } from '../../build/ceiling.ts'
import { buildCommands } from '../../build/cli.ts'
import { build } from '../../build/pipeline.ts'
import type { BuildOutcome, ToolCeiling } from '../../build/release.ts'
import { ceilingSchema } from '../../schemas/ceiling.ts'
import type { CliIo } from '../../schemas/cli.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { SPELLINGS } from './tool-spellings.ts'
import { type Files, SKILL, SOUND, TASK, treeOf } from './trees.ts'

const CEILING = ceilingSchema.parse({
  channels: {
    '*': { tools: ['Read', 'Glob', 'Grep', 'Write', 'Edit'] },
    'experiment-*': { tools: ['Read', 'Glob', 'Grep'] },
    'experiment-quiet': { tools: [] },
    'experiment-w*': { tools: ['Read', 'Write'] },
  },
})
const CHANNELS = ['main', 'dev', 'experiment-a', 'experiment-quiet', 'experiment-wide']

function granted({ release }: BuildOutcome): string[] {
  const texts = [...(release?.artifacts.values() ?? [])].filter(({ name }) => /^agents-.*\.md$/.test(name))
  return texts.flatMap(({ bytes }) => parsePrompt(new TextDecoder().decode(bytes)).allowedTools)
}

const errorsOf = ({ diagnostics }: BuildOutcome) => diagnostics.filter(({ severity }) => severity === 'error')
const under = (files: Files, ceiling: ToolCeiling | undefined) => build({ ...treeOf(files), ceiling })
const withTools = (lines: string): Files => ({
  ...SOUND,
  'agents/demo/task.md': TASK.replace('---\nDo', `${lines}\n---\nDo`),
})

describe('build() under a ceiling', () => {
  test(`grants nothing beyond it: ${Object.keys(SPELLINGS).length} spellings, ${CHANNELS.length} channels`, () => {
    expect(Object.keys(SPELLINGS).length).toBeGreaterThanOrEqual(40)
    for (const channel of CHANNELS) {
      for (const [name, lines] of Object.entries(SPELLINGS)) {
        const outcome = under(withTools(lines), ceilingOf(CEILING, channel))
        const told = outcome.diagnostics.filter(({ severity }) => severity === 'error')
        expect(
          told.map(({ path }) => path),
          `${channel}: ${name}`,
        ).toContain('agents/demo/task.md')
        expect(granted(outcome), `${channel}: ${name}`).toEqual([])
      }
    }
  })

  test('grants what is below it, to each channel its own', () => {
    for (const [channel, tool, fine] of [
      ['main', 'Write', true],
      ['experiment-a', 'Write', false],
      ['experiment-a', 'Grep', true],
      ['experiment-wide', 'Write', true],
      ['experiment-wide', 'Grep', false],
      ['experiment-quiet', 'Read', false],
    ] as const) {
      const outcome = under(withTools(`allowedTools: [${tool}]`), ceilingOf(CEILING, channel))
      expect(granted(outcome), `${channel} ${tool}`).toEqual(fine ? [tool] : [])
    }
  })

  test('names the tool, the channel and the place', () => {
    const files = withTools('allowedTools: [Read, Bash]')
    expect(errorsOf(under(files, ceilingOf(CEILING, 'experiment-a')))).toMatchObject([
      {
        ...{ code: 'ceiling/tool', path: 'agents/demo/task.md', line: 5, column: 22, severity: 'error' },
        message:
          'Cannot give the tool "Bash" to the channel "experiment-a": ceiling.yaml of the default branch allows one of Read, Glob, Grep, expected nothing beyond that',
      },
    ])
  })

  test('cannot be passed by a partial, by a baseline, or by a ceiling of its own', () => {
    const ceiling = ceilingOf(CEILING, 'experiment-a')
    const partial = {
      ...SOUND,
      'agents/demo/task.md': TASK.replace('Do it.', '{{> more}}'),
      'shared/more.md': '---\nallowedTools: [Bash]\n---\nallowedTools: [Bash]\n',
    }
    expect(granted(under(partial, ceiling))).toEqual([])
    const own = { ...withTools('allowedTools: [Bash]'), 'ceiling.yaml': 'channels: {"*": {tools: [Bash]}}\n' }
    expect(granted(under(own, ceiling))).toEqual([])
    const recorded = build({ ...treeOf(own), ceiling, baselineUse: 'record' })
    expect(recorded.baseline.excused).toEqual([])
    expect(granted(recorded)).toEqual([])
  })

  test('holds for the tools that a skill would have its readers allow', () => {
    const skill = (tools: string): Files => ({
      'skills/plain/SKILL.md': SKILL.replace('\n---\n#', `\nallowed-tools: ${tools}\n---\n#`),
    })
    const ceiling = ceilingOf(CEILING, 'experiment-a')
    for (const tools of [
      'Bash',
      'Read Bash(git:*)',
      'Bash(git add:*) Read',
      '"*"',
      'bash',
      'Read,Bash',
      'mcp__x',
      'WebFetch',
    ]) {
      const outcome = under(skill(tools), ceiling)
      expect(outcome.release?.index.skills ?? [], tools).toEqual([])
      expect(errorsOf(outcome), tools).toMatchObject([{ code: 'ceiling/tool', line: 4, column: 1 }])
    }
    expect(errorsOf(under(skill('Read Grep(x y)'), ceiling))).toEqual([])
  })

  test('is no other build when there is no ceiling, or none for the channel', () => {
    const files = withTools('allowedTools: [Bash]')
    expect(granted(under(files, undefined))).toEqual(['Bash'])
    const some = ceilingSchema.parse({ channels: { 'experiment-*': { tools: [] } } })
    expect(ceilingOf(some, 'main')).toBeUndefined()
  })
})

test('ceilingOf() lets the most specific name hold, and of two alike what both allow', () => {
  const tools = (channel: string) => [...(ceilingOf(CEILING, channel)?.tools ?? [])]
  expect(tools('experiment-quiet')).toEqual([])
  expect(tools('experiment-wide')).toEqual(['Read', 'Write'])
  const alike = ceilingSchema.parse({
    channels: { 'a-*': { tools: ['Read', 'Bash'] }, '*-a': { tools: ['Read', 'Write'] } },
  })
  expect([...(ceilingOf(alike, 'a-a')?.tools ?? [])]).toEqual(['Read'])
})

test.each([
  ['channels: {main: {tools: [Bsah]}}', 'validate/value', 1],
  ['channels:\n  Main: {tools: []}', 'validate/value', 2],
  ['channels: {main: {tool: []}}', 'validate/unknown-key', 1],
  ['channel: {}', 'validate/unknown-key', 1],
  ['channels: [', 'parse/yaml', 1],
])('%j is refused as a ceiling with its place', (text, code, line) => {
  const { diagnostics } = build(treeOf({ ...SOUND, 'ceiling.yaml': text }))
  expect(diagnostics.map((one) => [one.path, one.code, one.line])).toContainEqual([
    'ceiling.yaml',
    code,
    line,
  ])
  expect(parseCeiling({ path: 'ceiling.yaml', bytes: Buffer.from(text) }, () => {})).toBeUndefined()
})

describe('mill check --channel', () => {
  let root: string
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'mill-ceiling-'))
    const files = {
      ...withTools('allowedTools: [Bash]'),
      '../main.yaml': 'channels: {"experiment-*": {tools: [Read]}}\n',
    }
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(root, 'content', dirname(path)), { recursive: true })
      writeFileSync(join(root, 'content', path), text)
    }
  })
  afterEach(() => rmSync(root, { recursive: true }))

  async function mill(...args: string[]): Promise<{ out: string; code: number }> {
    const stdout = new PassThrough()
    let code = 0
    const io: CliIo = {
      ...{ stdout, stderr: new PassThrough(), env: { HOME: root }, cwd: root },
      ...{ signal: new AbortController().signal, exit: (verdict) => (code = verdict) },
    }
    const program = new Command('mill').exitOverride()
    for (const command of buildCommands(io)) program.addCommand(command)
    await program.parseAsync(['node', 'mill', ...args])
    return { out: String(stdout.read() ?? ''), code }
  }

  test('fails for a tool beyond --ceiling, and for that channel only', async () => {
    const experiment = await mill('check', '--channel', 'experiment-a', '--ceiling', 'main.yaml')
    expect(experiment).toMatchObject({ code: 1, out: expect.stringContaining('ceiling/tool') })
    expect((await mill('check', '--channel', 'main', '--ceiling', 'main.yaml')).code).toBe(0)
    expect((await mill('check')).code).toBe(0)
  })

  test.each([
    [['--channel', 'experiment-a', '--ceiling', 'nowhere.yaml'], 'ceiling/unreadable'],
    [['--channel', 'experiment-a', '--ceiling', 'content/agents/demo/task.md'], 'ceiling/unreadable'],
    [['--channel', 'experiment/a'], 'ceiling/channel'],
    [['--ceiling', 'main.yaml'], 'ceiling/channel'],
  ])('%j is told to make no sense', async (flags, code) => {
    await expect(mill('check', ...flags)).rejects.toMatchObject({ code, exit: 2 })
  })
})
