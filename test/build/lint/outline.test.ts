import { globSync, readFileSync } from 'node:fs'
import type { Definition, Image, Link, Nodes } from 'mdast'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, test } from 'vitest'
import { anchors, outline } from '../../../build/lint/outline.ts'
import { times } from '../../times.ts'
import { growsLinearly } from '../cpu-time.ts'

const targets = (text: string) => outline(text).links.map(({ target }) => target)

/** What the CommonMark parser that others use finds: the peer, far too slow for hostile text. */
function peerTargets(text: string): string[] {
  const found: string[] = []
  const walk = (node: Nodes): void => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      found.push(urlOf(node, text))
    if ('children' in node) for (const child of node.children) walk(child)
  }
  walk(unified().use(remarkParse).parse(text))
  return found.filter((url) => url !== '')
}

/** Autolinks are no links of ours: they always lead elsewhere. */
function urlOf(node: Link | Image | Definition, text: string): string {
  const written = text.slice(node.position?.start.offset, node.position?.end.offset)
  return written.startsWith('<') || !/[[\]]/.test(written) ? '' : node.url
}

describe('outline()', () => {
  test.each([
    ['[a](b.md)', ['b.md']],
    ['![a](b.png "t")', ['b.png']],
    ['[a](<b c.md>)', ['b c.md']],
    ['[a]( b.md )', ['b.md']],
    ['[a](b(c).md)', ['b(c).md']],
    ['[![i](i.png)](b.md)', ['i.png', 'b.md']],
    ['[a]: b.md\n[b]: <c.md> "t"', ['b.md', 'c.md']],
    ['<a href="b.md">x</a> <img src=\'c.png\'>', ['b.md', 'c.png']],
    ['`[a](b.md)` ``[`](c.md)``', []],
    ['```md\n[a](b.md)\n```\n[c](d.md)', ['d.md']],
    ['~~~\n[a](b.md)\n```\n~~~\n[c](d.md)', ['d.md']],
    ['- x\n\n  ```\n  [a](b.md)\n  ```\n\n      [c](d.md)', ['d.md']],
    ['text\n\n    [a](b.md)\n', []],
    ['<!-- [a](b.md)\n\n[c](d.md) --> [e](f.md)', ['f.md']],
    [`${'\\[a](b.md)'.replace('\\[', 'a\\')} x](y z)`, []],
    ['fn[0](x, y)', []],
    ['[^1]: note.md', []],
    ['`` ` [a](b.md)', ['b.md']],
    ['a \\* ``b`` [a](b.md) ``', ['b.md']],
    ['a \\` [a](b.md) `', ['b.md']],
  ])('finds the links of %j', (text, links) => {
    expect(targets(text)).toEqual(links)
  })

  test('points at the target', () => {
    const text = 'é [a](<b c.md>) [d]( e.md)'
    expect(
      outline(text).links.map(({ offset, target }) => text.slice(offset, offset + target.length)),
    ).toEqual(['b c.md', 'e.md'])
  })

  test('knows the anchors of headings as hosts make them', () => {
    const text =
      '# A *b* `c()`\n\n## A b c\n\nSetext_x\n===\n\n### [Link](x.md) & _more_\n\n```\n# no\n```\n\n<a id="own"></a>\n\n## Mit Ü {#custom}\n'
    expect([...anchors(text)]).toEqual([
      'a-b-c',
      'a-b-c-1',
      'setext_x',
      'link--more',
      'mit-ü',
      'custom',
      'own',
    ])
  })

  test('finds comments outside of code', () => {
    const text = 'a <!-- one --> `<!-- no -->`\n\n```\n<!-- no -->\n```\n<!--\n\ntwo -->\n<!-- open'
    expect(outline(text).comments.map((comment) => comment.text)).toEqual([' one ', '\n\ntwo ', ' open'])
    for (const { offset, length } of outline(text).comments)
      expect(text.slice(offset, offset + 4)).toBe('<!--'.slice(0, length))
  })

  test('agrees with CommonMark on the documents of every package here, but for a few in raw HTML', () => {
    const files = globSync('node_modules/.pnpm/*/node_modules/*/*.md').slice(0, times(60, 150))
    let links = 0
    const differing = files.filter((file) => {
      const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
      const peer = new Set(peerTargets(text))
      const own = new Set(targets(text.replace(/<[a-z][^>]*>/gi, (tag) => ' '.repeat(tag.length))))
      links += peer.size
      return [...peer].some((target) => !own.has(target)) || [...own].some((target) => !peer.has(target))
    })
    expect(links).toBeGreaterThan(3 * files.length)
    expect(differing.length).toBeLessThan(files.length * 0.04)
  }, 120_000)

  test.each(
    [
      '[',
      '](',
      '[a](',
      '[a](b',
      '`',
      '` ``',
      '``` ',
      '<!--',
      '<!-- -->',
      '*_',
      '> ',
      '- ',
      '    a\n',
      '\\',
      '# ',
      '#',
      '<a ',
      '<a href="',
      '[a]: ',
      '=',
      '_a',
      '![a](<',
      '[a](b(c',
      '\n',
      ' ',
    ].map((unit) => [JSON.stringify(unit), unit]),
  )('is linear on %s', (_, unit) => {
    const read = (length: number) => outline(unit.repeat(Math.ceil(length / unit.length)))
    // Many times as long is no square yet; a square would be sixty-four times, and a cube ten thousand.
    expect(growsLinearly(read, { small: 30_000, most: 50, floor: 10 })).toBe(true)
  })
})
