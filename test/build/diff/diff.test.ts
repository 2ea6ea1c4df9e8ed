import { applyPatch } from 'diff'
import type { Nodes } from 'mdast'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { diffSurfaces, type ItemChange } from '../../../build/diff/changes.ts'
import { diffMarkdown, MAX_MARKDOWN } from '../../../build/diff/markdown.ts'
import { ofRelease } from '../../../build/diff/released.ts'
import { type Item, SURFACES, type Surfaces } from '../../../build/diff/surfaces.ts'
import { diffText } from '../../../build/diff/text.ts'
import type { ReleaseDiff } from '../../../build/diff/words.ts'
import { build } from '../../../build/pipeline.ts'
import { unpack } from '../../../build/unpack.ts'
import { zip } from '../../../build/zip.ts'
import { fc } from '../../properties.ts'
import { soundTrees, treeOf } from '../trees.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const none = Object.fromEntries(SURFACES.map((name) => [name, new Map()])) as unknown as Surfaces
const withAgents = (agents: Record<string, Item>): Surfaces => ({
  ...none,
  agents: new Map(Object.entries(agents)),
})
const item = (facts: Item['facts'], files: Record<string, string> = {}): Item => ({
  facts,
  files: new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])),
})
const side = (release: string) => ({ name: release, release, errors: 0 })
const between = (before: Surfaces, after: Surfaces): ReleaseDiff => ({
  before: side('a'),
  after: side('b'),
  surfaces: diffSurfaces(before, after),
})
const changed = (before: Item, after: Item): ItemChange | undefined =>
  diffSurfaces(withAgents({ one: before }), withAgents({ one: after }))[0]?.items[0]

function flat(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(flat) : [])]
}

describe('diffSurfaces()', () => {
  test('finds nothing between a tree and itself, and everything between it and nothing', () => {
    fc.assert(
      fc.property(soundTrees, (files) => {
        const { surfaces } = ofRelease(build(treeOf(files)).release)
        const again = ofRelease(build(treeOf(files)).release).surfaces
        expect(diffSurfaces(surfaces, again)).toEqual([])
        const all = diffSurfaces(none, surfaces)
        const names = SURFACES.map((surface) => surfaces[surface].size).filter((size) => size > 0)
        expect(all.map(({ items }) => items.length)).toEqual(names)
        expect(surfaces.files.size).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  test('gives patches that turn one text into the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '', '```', '@@ x'), { maxLength: 12 })
    const ends = fc.constantFrom('', '\n')
    fc.assert(
      fc.property(text, text, ends, (a, b, end) => {
        const [before, after] = [a.join('\n') + end, b.join('\n') + end]
        const [file] = changed(item({}, { f: before }), item({}, { f: after }))?.files ?? []
        expect(file === undefined).toBe(before === after)
        if (file === undefined) return
        const patch = [
          '--- f',
          '+++ f',
          ...(file.hunks ?? []).flatMap((hunk) => [
            `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
            ...hunk.lines,
          ]),
          '',
        ].join('\n')
        expect(applyPatch(before, patch)).toBe(after)
      }),
    )
  })

  test('tells what lists gain and lose, and values become', () => {
    const before = item({ allowedTools: ['Read', 'Edit'], model: 'm1', timeout: '5m' })
    const after = item({ allowedTools: ['Read', 'Bash'], model: 'm2', dependsOn: [] })
    expect(changed(before, after)?.facts).toEqual([
      { fact: 'allowedTools', gained: ['Bash'], lost: ['Edit'] },
      { fact: 'model', before: 'm1', after: 'm2' },
      { fact: 'timeout', before: '5m', after: null },
    ])
  })

  test('shows no patch of what is no text, or has too little in common', () => {
    const binary = { facts: {}, files: new Map([['x', new Uint8Array([0, 255])]]) }
    expect(changed(item({}, { x: 'a' }), binary)?.files).toEqual([
      { path: 'x', change: 'changed', sizeBefore: 1, sizeAfter: 2, hunks: null },
    ])
    const long = (word: string) => Array.from({ length: 9_000 }, (_, at) => `${word}${at}`).join('\n')
    expect(changed(item({}, { x: long('a') }), item({}, { x: long('b') }))?.files[0]?.hunks).toBeNull()
  })
})

describe('unpack()', () => {
  test('gives back every file of an archive, sorted, and an archive it cannot read as it is', () => {
    const files = [
      ['b/c.md', bytes('c')],
      ['a.md', bytes('a')],
    ] as const
    expect([...unpack('x.zip', zip(files, { order: 'given' }))]).toEqual([files[1], files[0]])
    expect([...unpack('x.zip', bytes('no archive'))]).toEqual([['x.zip', bytes('no archive')]])
    const bomb = zip([['big', new Uint8Array(65 * 1024 * 1024)]])
    expect([...unpack('x.zip', bomb).keys()]).toEqual(['x.zip'])
  })
})

describe('diffText()', () => {
  const widened = between(
    withAgents({ 'f/t': item({ allowedTools: ['Read'], disallowedTools: ['Bash'] }) }),
    withAgents({
      'f/t': item({ allowedTools: ['Read', 'Bash'], disallowedTools: [] }),
      'f/new': item({ allowedTools: ['Edit'] }),
    }),
  )

  test('marks what an agent may do that it could not', () => {
    expect(diffText(widened, { colours: false })).toBe(
      [
        'a (release a) → b (release b)',
        '',
        'Agent prompts',
        '  + f/new',
        '    ! may use Edit',
        '  ~ f/t',
        '    ! gains Bash',
        '    ! is no longer denied Bash',
        '',
        '1 added, 1 changed',
        '',
      ].join('\n'),
    )
    expect(diffText(widened, { colours: true })).toContain('\u001b[1m\u001b[31m! gains Bash')
    expect(diffMarkdown(widened)).toContain('> [!WARNING]\n> Agents may do more than before:\n')
  })

  test('sends nothing to a terminal that a terminal acts upon', () => {
    const hostile = 'x\u001b[2J\u202e\u0007'
    const diff = between(
      withAgents({ [hostile]: item({ model: 'a' }, { [hostile]: 'a' }) }),
      withAgents({ [hostile]: item({ model: hostile, [hostile]: [hostile] }, { [hostile]: hostile }) }),
    )
    for (const text of [diffText(diff, { colours: false }), diffMarkdown(diff)]) {
      for (const character of ['\u001b', '\u202e', '\u0007']) expect(text).not.toContain(character)
      expect(text).toContain('U+202E')
    }
  })

  test('says why there is nothing to tell', () => {
    const same = { before: side('a'), after: side('a'), surfaces: [] }
    expect(diffText(same, { colours: false })).toContain('\nthe same release\n')
    expect(diffText({ ...same, after: side('b') }, { colours: false })).toContain(
      'only the order or the packing',
    )
  })
})

describe('diffMarkdown()', () => {
  test('lets no content out of its place', () => {
    const nasty = fc.constantFrom(
      '```',
      '````\n# H',
      '</details>',
      '@someone',
      '<img src=x>',
      '[a](http://b)',
      '`',
      '| a',
      '\n',
      '*b*',
      '- x',
    )
    const words = fc.array(nasty, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '))
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        const before = withAgents({ [a]: item({ model: a, tags: [c] }, { [c]: a }) })
        const after = withAgents({ [a]: item({ model: b, tags: [a] }, { [c]: `${a}\n${b}` }) })
        const markdown = diffMarkdown(between(before, after))
        const nodes = flat(unified().use(remarkParse).parse(markdown))
        const kinds = nodes.map(({ type }) => type)
        for (const kind of ['link', 'image', 'thematicBreak', 'definition']) expect(kinds).not.toContain(kind)
        for (const node of nodes) {
          if (node.type === 'html') expect(node.value).toMatch(/^(<details><summary><code>|<\/details>$)/)
        }
        const outside = markdown
          .replace(/^ *(`{3,})diff\n[\s\S]*?\n *\1$/gm, '')
          .replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, '')
        expect(outside).not.toContain('@someone')
        const headings = nodes.filter(({ type }) => type === 'heading')
        expect(headings).toHaveLength(2)
      }),
    )
  })

  test('fits into a comment however much changes, and tells how much is left out', () => {
    const many = (text: string) =>
      withAgents(
        Object.fromEntries(
          Array.from({ length: 3_000 }, (_, at) => [
            `flow/task-${at}`,
            item({ model: text, description: text.repeat(20) }, { 'a.md': `${text} ${at}\n`.repeat(5) }),
          ]),
        ),
      )
    const markdown = diffMarkdown(between(many('before'), many('after')))
    expect(markdown.length).toBeLessThan(MAX_MARKDOWN + 2_000)
    expect(markdown).toMatch(/… and \d+ more, too many for a comment/)
    const few = withAgents({ a: item({}, { x: 'a\n'.repeat(9), y: 'b\n' }) })
    const big = withAgents({
      a: item({}, { x: 'word and more\n'.repeat(1_500).concat('y'.repeat(80_000)), y: 'c\n' }),
    })
    const cut = diffMarkdown(between(few, big))
    expect(cut.length).toBeLessThan(MAX_MARKDOWN)
    expect(cut).toContain('`x` changed, +')
    expect(cut).toContain('+c')
  })
})
