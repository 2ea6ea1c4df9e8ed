import { afterAll, describe, expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import { times } from '../times.ts'
import { cpuTime } from './cpu-time.ts'
import { type Files, SOUND, treeOf } from './trees.ts'

/** How much longer than a plain file of its size a text may keep the whole build. */
const TIMES = 30
const LONG = times(300_000, 1_000_000)

const filled = (part: string, size = LONG) => part.repeat(Math.ceil(size / part.length)).slice(0, size)
const LINE =
  'Read [the guide](https://example.com/guide.md) before you `write`, and ask _one_ question at a time.\n'
const RULE = '  - Read the guide before you write, and ask one question at a time\n'

/** The same text as a body, in a skill and in a prompt; only a part of a megabyte fits below a cap. */
const asMarkdown = (text: string): Files => ({
  ...SOUND,
  'skills/plain/references/long.md': text,
  'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\n---\nDo it.\n${text}`,
})
const asYaml = (text: string): Files => ({ ...SOUND, 'commandments.yaml': text })
const plainMarkdown = (size: number) => asMarkdown(`# Long\n\n${filled(LINE, size)}`)
const plainYaml = (size: number) => asYaml(`all:\n${filled(RULE, size).replace(/[^\n]*$/, '')}`)

const nested = Array.from({ length: 1_400 }, (_, depth) => `${' '.repeat(depth)}- a\n`).join('')
const MARKDOWN: readonly (readonly [string, string])[] = [
  ['open links', filled('[a](')],
  ['open brackets', filled('[', 80_000)],
  ['open images', filled('![', 80_000)],
  ['closing brackets', filled(']', 80_000)],
  ['spaces', `a${filled(' ', 80_000)}b\n`],
  ['very many spaces', `a${filled(' ')}b\n`],
  ['stars and underscores', filled('*_', 8_000)],
  ['very many stars and underscores', filled('*_')],
  ['backticks', filled('`')],
  ['fences', filled('```\n')],
  ['nested lists', nested],
  ['nested quotes', filled('> ', 80_000)],
  ['open comments', filled('<!-- ')],
  ['open tags', filled('<a ')],
  ['headings', filled('# a\n')],
  ['references', filled('[a]: b\n')],
  ['placeholders', filled('{a} {{> ')],
  ['digits', filled('0123456789')],
  ['one word', filled('a')],
  ['lines', filled('\n')],
  ['tables', filled('|')],
  ['joiners', filled('👩‍🚀', 300_000)],
]
const YAML: readonly (readonly [string, string])[] = [
  ['20,000 keys', Array.from({ length: 20_000 }, (_, at) => `k${at}: [a]\n`).join('')],
  ['double quotes', `all: ${filled('"')}`],
  ['single quotes', `all: '${filled("''")}'\n`],
  ['quoted words', `all: [${filled('"a",')}]\n`],
  ['a quoted text', `all: ["${filled('a\\n')}"]\n`],
  ['an open quote', `all: ["${filled('a\n "b\n')}`],
  ['words', `all: [${filled('a,')}]\n`],
  ['commas', `all: [${filled(',')}]\n`],
  ['few enough commas', `all: [${filled(',', 149_000)}]\n`],
  ['few enough quotes', `all: ${filled('"', 149_000)}`],
  ['colons', `all: ${filled(': ')}\n`],
  ['brackets', filled('[')],
  ['pairs of brackets', filled('[]')],
  ['dashes', filled('- ')],
  ['anchors', `all: [${filled('&a b,')}]\n`],
  ['tags', `all: [${filled('!a b,')}]\n`],
  ['directives', filled('%a\n')],
  ['documents', filled('---\n')],
  ['one key over and over', filled('? a\n')],
  ['lines', `all:\n${filled('\n')}  - a\n`],
  ['spaces', `all: [a${filled(' ')}]\n`],
  ['comments', `${filled('# a\n')}all: [a]\n`],
]

const plain = { markdown: once(plainMarkdown), yaml: once(plainYaml) }

/** The cost of a plain file of about that size, and never of a larger one, found out once. */
function once(make: (size: number) => Files): (size: number) => number {
  const known = new Map<number, number>()
  return (exact) => {
    const size = Math.max(1, Math.floor(exact / 40_000)) * 40_000
    const took = known.get(size) ?? cpuTime(() => build(treeOf(make(size))))
    known.set(size, took)
    return took
  }
}

const worst = { times: 0, name: '' }
function holds(name: string, files: Files, yardstick: number): void {
  const ratio = cpuTime(() => build(treeOf(files)), TIMES * yardstick) / yardstick
  if (ratio > worst.times) Object.assign(worst, { times: ratio, name })
  expect(ratio).toBeLessThan(TIMES)
}
afterAll(() =>
  console.log(`slowest: ${worst.name}, ${worst.times.toFixed(1)} times a plain file of its size`),
)

describe('build() is not kept much longer than by a plain file of the same size', () => {
  test.each(MARKDOWN)('by %s', (name, text) => {
    holds(name, asMarkdown(text), plain.markdown(Math.max(Buffer.byteLength(text), 80_000)))
  })

  test.each(YAML)('by YAML of %s', (name, text) => {
    holds(name, asYaml(text), plain.yaml(text.length))
  })
})

test('a text that is refused for its many parts is told, and stops nothing else', () => {
  const { diagnostics, release } = build(treeOf(asYaml(`all: [${filled('a,')}]\n`)))
  expect(diagnostics.map(({ path, line, column, code }) => `${path}:${line}:${column} ${code}`)).toEqual([
    'commandments.yaml:1:1 parse/yaml-size',
    'skills/plain/SKILL.md:1:1 lint/unused-skill',
  ])
  expect(release?.index.flows.map(({ flow }) => flow)).toEqual(['demo'])
})

test('a text of very many mistakes has a bounded number of findings', () => {
  const { diagnostics } = build(treeOf(asYaml(filled('? a\n', 100_000))))
  expect(diagnostics.length).toBeLessThan(200)
})
