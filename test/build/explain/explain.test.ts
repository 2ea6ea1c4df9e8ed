import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { servedSkills } from '../../../build/budget/served-skills.ts'
import { explain } from '../../../build/explain/explain.ts'
import type { Explanation, Range, Source } from '../../../build/explain/explanation.ts'
import { explanationText } from '../../../build/explain/text.ts'
import { gatherAndFetch } from '../../../build/gather.ts'
import { NO_MEMORY, openMemo } from '../../../build/memo.ts'
import { build, buildWhole } from '../../../build/pipeline.ts'
import type { SourceTree } from '../../../build/release.ts'
import { textOf } from '../../../build/unpack.ts'
import { fc } from '../../properties.ts'
import { times } from '../../times.ts'
import { type Files, soundTrees, treeOf } from '../trees.ts'

const FIXTURES = join(import.meta.dirname, '../../fixtures')
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replaceAll('\r\n', '\n')

function resolved(tree: SourceTree) {
  return buildWhole(tree, openMemo(NO_MEMORY).memo).resolved
}

function explained(name: string, tree: SourceTree): Explanation {
  const found = explain(name, resolved(tree))
  if ('expected' in found) throw new Error(`${name} is not there: expected ${found.expected}`)
  return found.explanation
}

/** Every served text: name of what it belongs to → path → text. */
function served(tree: SourceTree): Map<string, Map<string, string>> {
  const { release } = build(tree)
  if (release === undefined) throw new Error('nothing was built')
  const skills = servedSkills(release).map(({ id, files }) => {
    const texts = [...files].flatMap(([path, bytes]) => [[path, textOf(bytes) ?? ''] as const])
    return [id, new Map(texts)] as const
  })
  const prompts = release.index.agents.map(({ flow, type, file }) => {
    return [
      `${flow}/${type}`,
      new Map([[file, decode(release.artifacts.get(file)?.bytes ?? new Uint8Array())]]),
    ] as const
  })
  return new Map([...skills, ...prompts])
}

const COPIED = new Set(['template', 'reference', 'partial', 'file', 'prompt', 'document'])

/** The one place that lines were copied from as they are. */
function copiedFrom({ sources }: Range): Source | undefined {
  const [source, ...others] = sources
  return others.length === 0 && source?.note === '' && COPIED.has(source.kind) ? source : undefined
}

/** Checks that ranges tell of every line once, and that what is said to be copied stands where it is said to. */
function check(tree: SourceTree): number {
  const sources = new Map(tree.files.map(({ path, bytes }) => [path, decode(bytes).split('\n')]))
  const explanations = [...served(tree)].flatMap(([name, files]) => {
    const explanation = explained(name, tree)
    expect(explanation.files.map(({ path }) => path).sort()).toEqual([...files.keys()].sort())
    return explanation.files.map(({ path, ranges }) => ({
      ranges,
      lines: files.get(path)?.replace(/\n$/, '').split('\n') ?? [],
    }))
  })
  for (const { ranges, lines } of explanations) {
    const told = ranges.flatMap(({ output: [first, last] }) => {
      return Array.from({ length: last - first + 1 }, (_, at) => first + at)
    })
    expect(told).toEqual(lines.map((_, at) => at + 1))
  }
  const copies = explanations.flatMap(({ ranges, lines }) =>
    ranges.flatMap((range) => {
      const { path, lines: at } = copiedFrom(range) ?? {}
      const source = sources.get(path ?? '')
      if (source === undefined || !at) return []
      return [[lines.slice(range.output[0] - 1, range.output[1]), source.slice(at[0] - 1, at[1])] as const]
    }),
  )
  for (const [shown, written] of copies) expect(shown).toEqual(written)
  return copies.length
}

describe('explain()', () => {
  test('tells of every line of every served text once, and copies stand where they are said to', () => {
    fc.assert(
      fc.property(soundTrees, (files) => {
        expect(check(treeOf(files))).toBeGreaterThan(2)
      }),
      { numRuns: times(15, 40) },
    )
  }, 120_000)

  test.each(['content-full', 'content-small'])('holds for %s', async (name) => {
    const { tree } = await gatherAndFetch(join(FIXTURES, name), {
      ...{ cache: join(FIXTURES, 'no-cache'), offline: true, docsFrom: join(FIXTURES, 'docs') },
    })
    expect(check(tree)).toBeGreaterThan(20)
  })

  const FILES: Files = {
    'agents/demo/seed.md':
      '---\ntype: seed\nflow: demo\nseed: true\nmodel_sdk: m\n---\nPlan.\n\n{{> outer}}\nEnd.\n',
    'agents/demo/task.md': '---\ntype: task\n# why\nflow: demo\nmodel: "m"\n---\nDo it.\n',
    'shared/outer.md': '---\nx: y\n---\nfirst\n{{> inner}}\nlast\n\n\n',
    'shared/inner.md': 'inner\n\n',
    'skills/g/t.md':
      '---\na: b\n---\n\n# {display_name}: {display_name}\n{{> inner}}\n{commandments}\n{workflow}\n',
    'skills/g/config.yaml':
      'template: t.md\ndescription: D {display_name}\nreferences:\n  preamble: Go.\nvariants:\n  - id: a\n    display_name: A\n    framework: a\n',
    'skills/g/references/1.md': '---\nnext_step: 2.md\n---\n# One\ntext\n',
    'skills/g/references/2.md': '---\nnext_step: null\n---\n# Two\n',
    'commandments.yaml': 'all:\n  - one\n  - two\n',
  }
  const text = (name: string) => explanationText(explained(name, treeOf(FILES)))

  test('follows includes of includes to their lines', () => {
    expect(text('demo/seed')).toBe(
      [
        'demo/seed, served in agents-demo-seed.md',
        '',
        'agents-demo-seed.md',
        '        1-8  prompt        agents/demo/seed.md:1-8',
        '          9  partial       shared/outer.md:4',
        '         10  partial       shared/inner.md:1',
        '         11  partial       shared/outer.md:6',
        '         12  prompt        agents/demo/seed.md:10',
        '',
      ].join('\n'),
    )
  })

  test('tells settings that were written anew from those that were made', () => {
    expect(text('demo/task').split('\n').slice(3, -1)).toEqual([
      '          1  generated     frontmatter',
      '          2  prompt        agents/demo/task.md:2 (written in the served form)',
      '        3-4  prompt        agents/demo/task.md:4-5 (written in the served form)',
      '          5  generated     taken from model',
      '          6  generated     frontmatter',
      '          7  prompt        agents/demo/task.md:7',
    ])
  })

  test('tells template, variant, partial, rules, preamble and steps apart', () => {
    expect(text('g-a').split('\n').slice(2, -1)).toEqual([
      'SKILL.md',
      '        1-2  generated     frontmatter',
      '          3  config        skills/g/config.yaml:2 (description)',
      '        4-9  generated     frontmatter',
      '         10  template      skills/g/t.md:5',
      '             config        skills/g/config.yaml:7 (display_name)',
      '         11  partial       shared/inner.md:1',
      '      12-13  commandments  commandments.yaml:2-3',
      '      14-15  generated     list of steps',
      '',
      'references/1.md',
      '          1  reference     skills/g/references/1.md:4',
      '          2  generated     space around the preamble',
      '          3  config        skills/g/config.yaml:4 (preamble)',
      '          4  reference     skills/g/references/1.md:5',
      '        5-8  generated     link to the next step',
      '',
      'references/2.md',
      '          1  reference     skills/g/references/2.md:4',
      '',
      'references/COMMANDMENTS.md',
      '        1-2  generated     heading',
      '        3-4  commandments  commandments.yaml:2-3',
    ])
  })

  test('takes a short name where only one thing has it, and offers what was nearly said', () => {
    const tree = resolved(treeOf(FILES))
    expect(explain('g', tree)).toMatchObject({ explanation: { name: 'g-a', artifact: 'g-a.zip' } })
    expect(explain('task', tree)).toMatchObject({ explanation: { name: 'demo/task' } })
    expect(explain('demo/tsak', tree)).toEqual({ expected: '"demo/task", perhaps' })
    expect(explain('nothing-like-it', tree)).toEqual({
      expected: 'the id of a skill, or <flow>/<type> of an agent prompt',
    })
    const more = {
      ...FILES,
      'skills/g/config.yaml': `${FILES['skills/g/config.yaml']}  - id: b\n    display_name: B\n    framework: b\n`,
    }
    expect(explain('g', resolved(treeOf(more)))).toEqual({ expected: 'one of g-a, g-b' })
  })
})
