import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BASELINE_PATH, formatBaseline } from '../../build/baseline/baseline-file.ts'
import { EXCUSABLE } from '../../build/baseline/blocking.ts'
import { createBuilder } from '../../build/builder.ts'
import { buildCommands } from '../../build/cli.ts'
import { build } from '../../build/pipeline.ts'
import type { BuildOutcome } from '../../build/release.ts'
import { baselineSchema } from '../../schemas/baseline.ts'
import type { CliIo } from '../../schemas/cli.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { type Files, SEED, SKILL, TASK, treeOf } from './trees.ts'

/** What a tree that nobody checked has come to: each of its sins can be lived with. */
const OLD: Files = {
  'agents/demo/seed.md': SEED.replace('seed: true', 'seed: true\ntemperature: 0'),
  'agents/demo/task.md': TASK.replace('---\nDo', 'skills: [init, flags]\n---\nDo'),
  'agents/lost.md': TASK,
  'skills/init/config.yaml':
    'description: Init {display_name}\ntemplate: t.md\ncli: {role: command}\nvariants:\n  - {id: nextjs, display_name: N, framework: nextjs, framwork: x}\n  - {id: django, display_name: D, framework: django}\n',
  'skills/init/t.md': '# {refrences}\n',
  'skills/init/references/data.json': '{}\n',
  'skills/init/references/1.md': '# One\n',
  'skills/flags/config.yaml':
    'description: Flags {display_name}\ntemplate: t.md\ncli: {role: command}\nvariants:\n  - {id: nextjs, display_name: N, framework: nextjs}\n  - {id: django, display_name: D}\n',
  'skills/flags/t.md': '# Flags\n',
  'skills/plain/SKILL.md': SKILL.replace('name: plain', 'name: plane\nversion: 1'),
  'commandments.yaml': 'all: [be kind]\n',
}

function record(files: Files): string {
  const { excused } = build({ ...treeOf(files), baselineUse: 'record' }).baseline
  return formatBaseline(excused)
}

function adopted(files: Files, baseline = record(files)): BuildOutcome {
  return build(treeOf({ ...files, [BASELINE_PATH]: baseline }))
}

const codes = ({ diagnostics }: BuildOutcome) =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ path, code }) => `${code} ${path}`)

const rulesOf = ({ diagnostics }: BuildOutcome) =>
  diagnostics.map(({ code }) => code).filter((code) => !code.startsWith('lint/'))

describe('build() with a baseline', () => {
  test('serves what the old findings have kept out', () => {
    expect(codes(build(treeOf(OLD))).length).toBeGreaterThan(5)
    const { release, diagnostics, baseline } = adopted(OLD)
    expect(hasErrors(diagnostics)).toBe(false)
    expect(baseline.listed).toBeGreaterThan(5)
    expect(release?.index.agents.map(({ type }) => type)).toEqual(['seed', 'task'])
    expect(release?.index.skills.map(({ id }) => id).sort()).toEqual([
      ...['flags-django', 'flags-nextjs', 'init-django', 'init-nextjs', 'plain'],
    ])
    const prompt = release?.artifacts.get('agents-demo-seed.md')?.bytes
    const text = new TextDecoder().decode(prompt)
    expect(parsePrompt(text).type).toBe('seed')
  })

  test('knows a finding wherever its line moves to, and no other one', () => {
    const baseline = record(OLD)
    const moved = `# a note\n\n  # another\n${OLD['skills/flags/config.yaml']}`
    expect(codes(adopted({ ...OLD, 'skills/flags/config.yaml': moved }, baseline))).toEqual([])
    const seed = String(OLD['agents/demo/seed.md'])
    const changed = { ...OLD, 'agents/demo/seed.md': seed.replace('temperature: 0', 'temperature: 1') }
    expect(codes(adopted(changed, baseline))).toEqual(['validate/unknown-key agents/demo/seed.md'])
    const elsewhere = {
      ...OLD,
      'agents/demo/more.md': seed.replace('seed: true\n', '').replace('type: seed', 'type: more'),
    }
    expect(codes(adopted(elsewhere, baseline))).toEqual(['validate/unknown-key agents/demo/more.md'])
  })

  test('counts: the same text once more in the same file is new', () => {
    const config = (count: number) =>
      `description: d\ntemplate: t.md\nvariants:\n${[1, 2, 3]
        .map((id) => `  - id: v${id}\n    display_name: V\n${id <= count ? '    framwork: x\n' : ''}`)
        .join('')}`
    const files = (count: number): Files => ({
      'skills/g/config.yaml': config(count),
      'skills/g/t.md': '# T\n',
    })
    const baseline = record(files(2))
    expect(baselineSchema.parse(JSON.parse(baseline)).findings).toMatchObject([{ count: 2 }])
    expect(codes(adopted(files(2), baseline))).toEqual([])
    const more = adopted(files(3), baseline)
    expect(more.diagnostics).toMatchObject([{ code: 'validate/unknown-key', line: 12, severity: 'error' }])
    const fewer = adopted(files(1), baseline)
    expect(fewer.diagnostics).toMatchObject([
      { code: 'baseline/fixed', severity: 'warning', path: BASELINE_PATH, line: 4 },
    ])
    expect(fewer.diagnostics[0]?.message).toContain('1 of 2')
  })

  test('tells what is fixed, but not of a file that cannot be read', () => {
    const baseline = record(OLD)
    const fixed = adopted({ ...OLD, 'agents/demo/seed.md': SEED }, baseline)
    expect(codes(fixed)).toEqual([])
    expect(rulesOf(fixed)).toEqual(['baseline/fixed'])
    const unread = adopted({ ...OLD, 'agents/demo/seed.md': '---js\n---\n' }, baseline)
    expect(rulesOf(unread)).toEqual(['parse/frontmatter-language'])
  })

  test('excuses nothing that makes an artifact impossible, whoever writes it down', () => {
    const broken: Files = { ...OLD, 'agents/demo/task.md': '---\ntype: [\n---\nDo it.\n' }
    expect(codes(build({ ...treeOf(broken), baselineUse: 'record' }))).toEqual([
      'parse/yaml agents/demo/task.md',
    ])
    const digest = 'a'.repeat(64)
    const forged = formatBaseline([{ code: 'parse/yaml', path: 'agents/demo/task.md', digest, count: 1 }])
    const { diagnostics } = adopted({ 'skills/plain/SKILL.md': SKILL }, forged)
    expect(diagnostics).toMatchObject([{ code: 'baseline/code', line: 4, column: 5, severity: 'error' }])
  })

  test.each([
    ['{', 'parse/yaml'],
    ['[]', 'validate/value'],
    ['{"version": 2, "findings": []}', 'validate/value'],
    ['{"version": 1, "findings": [], "more": 1}', 'validate/unknown-key'],
    ['{"version": 1, "findings": [{"code": "a/b"}]}', 'validate/missing-key'],
  ])('refuses %j as a baseline, with its place', (text, code) => {
    const found = adopted({ 'skills/plain/SKILL.md': SKILL }, text).diagnostics
    expect(found.map((one) => [one.path, one.code])).toContainEqual([BASELINE_PATH, code])
  })

  test('is the same bytes whatever the order of the findings, and one entry a line', () => {
    const { excused } = build({ ...treeOf(OLD), baselineUse: 'record' }).baseline
    expect(formatBaseline([...excused].reverse())).toBe(formatBaseline(excused))
    expect(formatBaseline(excused).split('\n').length).toBe(excused.length + 6)
    expect(excused.every(({ code }) => EXCUSABLE.includes(code))).toBe(true)
  })

  test('builds the same one edit after another as from nothing', () => {
    const baseline = record(OLD)
    const builder = createBuilder()
    const steps: Files[] = [
      OLD,
      { ...OLD, [BASELINE_PATH]: baseline },
      { ...OLD, [BASELINE_PATH]: formatBaseline([]) },
      { ...OLD, [BASELINE_PATH]: baseline, 'agents/demo/seed.md': SEED },
      { ...OLD, [BASELINE_PATH]: baseline },
      OLD,
    ]
    for (const files of steps) {
      const { release, diagnostics } = builder.build(treeOf(files))
      const clean = build(treeOf(files))
      expect(diagnostics).toEqual(clean.diagnostics)
      expect(release?.id).toBe(clean.release?.id)
    }
  })
})

describe('mill check --write-baseline', () => {
  let root: string
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'mill-baseline-'))
    for (const [path, text] of Object.entries(OLD)) {
      await mkdir(join(root, 'content', dirname(path)), { recursive: true })
      writeFileSync(join(root, 'content', path), text)
    }
  })
  afterEach(() => rmSync(root, { recursive: true }))

  async function mill(...args: string[]): Promise<{ out: string; err: string; code: number }> {
    const stdout = new PassThrough()
    const stderr = new PassThrough()
    let code = 0
    const io: CliIo = {
      ...{ stdout, stderr, env: { HOME: root, PATH: process.env.PATH }, cwd: root },
      ...{ signal: new AbortController().signal, exit: (verdict) => (code = verdict) },
    }
    const program = new Command('mill').exitOverride()
    for (const command of buildCommands(io)) program.addCommand(command)
    await program.parseAsync(['node', 'mill', ...args])
    return { out: String(stdout.read() ?? ''), err: String(stderr.read() ?? ''), code }
  }
  const file = () => join(root, 'content', BASELINE_PATH)

  test('lets the old be, fails for the new, prunes what is fixed, and never grows by itself', async () => {
    expect((await mill('check')).code).toBe(1)
    expect((await mill('build')).code).toBe(1)
    const written = await mill('check', '--write-baseline')
    expect(written).toMatchObject({ code: 0 })
    expect(written.err).toMatch(/content\.baseline\.json lists \d+ findings now/)
    const before = readFileSync(file(), 'utf8')
    const checked = await mill('check')
    expect(checked).toMatchObject({ code: 0 })
    expect(checked.err).toMatch(/lists \d+ old findings/)
    expect((await mill('build')).code).toBe(0)

    writeFileSync(
      join(root, 'content/agents/demo/task.md'),
      TASK.replace('type: task', 'type: task\nmodell: x'),
    )
    expect(await mill('check')).toMatchObject({ code: 1, out: expect.stringContaining('modell') })
    expect(readFileSync(file(), 'utf8')).toBe(before)

    writeFileSync(join(root, 'content/agents/demo/task.md'), TASK)
    expect(await mill('check')).toMatchObject({ code: 0, out: expect.stringContaining('--write-baseline') })
    expect((await mill('check', '--write-baseline')).code).toBe(0)
    expect(readFileSync(file(), 'utf8').length).toBeLessThan(before.length)
    expect((await mill('check')).out).not.toContain('baseline/fixed')
  })

  test('removes the list when nothing is left for it', async () => {
    await mill('check', '--write-baseline')
    rmSync(join(root, 'content/agents'), { recursive: true })
    rmSync(join(root, 'content/skills'), { recursive: true })
    await mkdir(join(root, 'content/skills/plain'), { recursive: true })
    writeFileSync(join(root, 'content/skills/plain/SKILL.md'), SKILL)
    expect((await mill('check', '--write-baseline')).err).toContain('is not needed now')
    expect(() => readFileSync(file())).toThrow('ENOENT')
  })

  test('does not write through a link', async () => {
    symlinkSync('/tmp/elsewhere.json', file())
    await expect(mill('check', '--write-baseline')).rejects.toMatchObject({ code: 'baseline/unwritable' })
  })
})
