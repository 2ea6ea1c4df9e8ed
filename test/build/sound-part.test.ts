import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { build } from '../../build/pipeline.ts'
import { keysInDoubt, soundPart } from '../../build/sound-part.ts'
import { decode } from '../../build/text.ts'
import { readYaml } from '../../build/yaml.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { type Files, SEED, SKILL, TASK, treeOf } from './trees.ts'

function errorsOf(files: Files): string[] {
  const { diagnostics } = build(treeOf(files))
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ path, line, code }) => `${path}:${line} ${code}`)
}

const TASK_PATH = 'agents/demo/task.md'
const CONFIG_PATH = 'skills/kit/config.yaml'
const FLOW: Files = { 'agents/demo/seed.md': SEED, 'skills/plain/SKILL.md': SKILL }
const task = (lines: string) => ({ ...FLOW, [TASK_PATH]: TASK.replace('---\nDo', `${lines}---\nDo`) })
const group = (text: string) => ({ ...FLOW, [CONFIG_PATH]: text, 'skills/kit/t.md': '# Kit\n' })

describe('build() tells all of a file in one go', () => {
  test('a bad effort hides neither names nor tools', () => {
    const lines =
      'effort: loww\ndependsOn: [tosk]\nskills: [plane]\nallowedTools: [Bash]\ndisallowedTools: [Bash]\nseed: true\n'
    expect(errorsOf(task(lines))).toEqual([
      `${TASK_PATH}:5 validate/value`,
      `${TASK_PATH}:6 link/unknown-type`,
      `${TASK_PATH}:7 link/unknown-skill`,
      `${TASK_PATH}:9 validate/tools`,
      `${TASK_PATH}:10 link/two-seeds`,
    ])
  })

  test('one bad name in a list hides no other, and each is told at its own place', () => {
    const lines = 'dependsOn:\n  - Not A Type\n  - tosk\nallowedTools: [Raed]\n'
    expect(errorsOf(task(lines))).toEqual([
      `${TASK_PATH}:6 validate/value`,
      `${TASK_PATH}:7 link/unknown-type`,
      `${TASK_PATH}:8 validate/value`,
    ])
  })

  test('a misspelt key hides neither what the body holds nor that the flow has no seed', () => {
    const files = {
      'agents/demo/task.md': TASK.replace('---\nDo it.', 'lable: A\n---\nSee [it](gone.md).\n\n{{> none}}'),
    }
    expect(errorsOf(files)).toEqual([
      `${TASK_PATH}:5 validate/unknown-key`,
      `${TASK_PATH}:9 expand/partial-unknown`,
    ])
    const alone = (body: string) => ({ [TASK_PATH]: TASK.replace('---\nDo it.', `lable: A\n---\n${body}`) })
    expect(errorsOf(alone('See [it](gone.md).'))).toEqual([
      `${TASK_PATH}:5 validate/unknown-key`,
      `${TASK_PATH}:7 lint/dead-link`,
    ])
    expect(errorsOf(alone('Do it.'))).toEqual([
      `${TASK_PATH}:1 link/no-seed`,
      `${TASK_PATH}:5 validate/unknown-key`,
    ])
  })

  test('an unknown key of a variant hides neither two defaults nor a missing template', () => {
    const config = [
      'description: Kit {display_name}',
      'template: t.md',
      'variants:',
      '  - {id: a, display_name: A, framework: web, default: true, colour: red}',
      '  - {id: b, display_name: B, framework: web, default: true}',
      '  - {id: c, display_name: C, template: gone.md, tags: [1]}',
      '  - {id: b, display_name: B}',
      '',
    ].join('\n')
    expect(errorsOf(group(config))).toEqual([
      `${CONFIG_PATH}:4 validate/unknown-key`,
      `${CONFIG_PATH}:5 expand/default`,
      `${CONFIG_PATH}:6 expand/template`,
      `${CONFIG_PATH}:6 validate/value`,
      `${CONFIG_PATH}:7 validate/duplicate-variant`,
    ])
  })

  test('a bad value of a group hides nothing of its variants', () => {
    const config = 'category: 5\ntemplate: gone.md\ndescription: D\nvariants:\n  - {id: a}\n'
    expect(errorsOf(group(config))).toEqual([
      `${CONFIG_PATH}:1 validate/value`,
      `${CONFIG_PATH}:2 expand/template`,
      `${CONFIG_PATH}:5 expand/display-name`,
    ])
  })

  test('a misspelt key of a reference or of a SKILL.md hides nothing else there', () => {
    const config = 'template: t.md\ndescription: D\nvariants: [{id: a, display_name: A}]\n'
    const step = '---\ntitel: A\nnext_step: gone.md\n---\n# A\n{{> none}}\n'
    const skill = '---\nname: other\ndescripton: A\n---\nSee [it](gone.md).\n'
    expect(
      errorsOf({ ...group(config), 'skills/kit/references/a.md': step, 'skills/plain/SKILL.md': skill }),
    ).toEqual([
      'skills/kit/references/a.md:2 validate/unknown-key',
      'skills/kit/references/a.md:3 validate/next-step',
      'skills/kit/references/a.md:6 expand/partial-unknown',
      'skills/plain/SKILL.md:2 validate/skill-name',
      'skills/plain/SKILL.md:3 validate/unknown-key',
      'skills/plain/SKILL.md:5 lint/dead-link',
    ])
  })
})

/** A sound tree with each key on a line of its own. */
const RICH: Files = {
  'agents/demo/seed.md': SEED,
  'agents/demo/task.md':
    '---\ntype: task\nflow: demo\nlabel: Task\nmodel: m1\nmodel_pi: m1\neffort: low\nskills: [kit]\nallowedTools: [Read]\ndisallowedTools: [Bash]\ntimeout: 10m\nmaxTurns: 5\n---\nDo it.\n',
  'agents/demo/last.md':
    '---\ntype: last\nflow: demo\nsink: true\nrunnerSeeded: true\nmodel_sdk: m1\ndependsOn: [task]\n---\nEnd it.\n',
  'skills/kit/config.yaml': [
    ...['type: skill', 'template: t.md', 'description: Kit {display_name}', 'tags: [kit]', 'category: kit'],
    ...[
      'shared_docs: [near.md]',
      'references: {preamble: Read this}',
      'cli: {role: command, parentCommand: make}',
    ],
    ...[
      'variants:',
      '  - id: web',
      '    display_name: Web',
      '    description: For the web',
      '    tags: [web]',
    ],
    ...['    template: own.md', '    framework: web', '    default: true', '    docs_urls: [near.md]'],
    ...['    cli: {role: command, command: web, parentCommand: make, default: true}'],
    ...['  - id: app', '    display_name: App', '    framework: app', ''],
  ].join('\n'),
  'skills/kit/t.md': '# Kit\n',
  'skills/kit/own.md': '# Own\n',
  'skills/kit/near.md': '# Near\n',
  'skills/kit/references/a.md': '---\ntitle: A\ndescription: D\nnext_step: null\n---\n# A\n',
  'skills/lent/config.yaml': 'template: t.md\ndescription: Lent\nvariants_from: kit\n',
  'skills/lent/t.md': '# Lent\n',
}

const keyLines = Object.entries(RICH).flatMap(([path, text]) =>
  String(text)
    .split('\n')
    .flatMap((line, at) => (/^[ -]*[a-zA-Z_]+: /.test(line) ? [{ path, at, line }] : [])),
)
const withLine = (path: string, at: number, line: string): Files => ({
  ...RICH,
  [path]: String(RICH[path]).split('\n').with(at, line).join('\n'),
})

test('the rich tree is sound', () => {
  expect(errorsOf(RICH)).toEqual([])
  expect(keyLines.length).toBeGreaterThan(40)
})

test.each(keyLines)('build() makes one error of one broken value: $path $line', ({ path, at, line }) => {
  const broken = line.replace(/: .*$/, ': [[1]]')
  expect(errorsOf(withLine(path, at, broken))).toEqual([
    expect.stringContaining(`${path}:${at + 1} validate/`),
  ])
})

test.each(keyLines)('build() makes one error of one misspelt key: $path $line', ({ path, at, line }) => {
  const misspelt = line.replace(/([a-zA-Z_])([a-zA-Z_]*): /, '$1$1$2: ')
  expect(errorsOf(withLine(path, at, misspelt))).toEqual([
    expect.stringContaining(`${path}:${at + 1} validate/unknown-key`),
  ])
})

test('soundPart() keeps what is sound and knows where it stood', () => {
  const schema = z.strictObject({
    list: z.array(z.string()),
    count: z.number(),
    deep: z.strictObject({ a: z.string() }),
  })
  const text = 'list: [1, b, {}, d]\ncount: many\ndeep: {a: x, c: y}\nmore: 1\n'
  const found: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => found.push(diagnostic)
  const source = decode({ path: 'x.yaml', bytes: new TextEncoder().encode(text) }, report)
  const yaml = source && readYaml(source, { text, offset: 0 }, report)
  const sound = yaml && soundPart(schema, yaml, report)
  expect(sound?.value).toEqual({ list: ['b', 'd'], deep: { a: 'x' } })
  expect(sound?.yaml.valueAt(['list', 1])).toEqual({ line: 1, column: 18 })
  expect(sound?.asWritten(['list', 1])).toEqual(['list', 3])
  expect([...keysInDoubt(sound?.doubts ?? [])]).toEqual(['list', 'count', 'deep', 'more'])
  expect(found).toHaveLength(5)
})
