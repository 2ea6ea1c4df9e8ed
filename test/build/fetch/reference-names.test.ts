import { expect, test } from 'vitest'
import { referenceNames } from '../../../build/fetch/reference-names.ts'
import { fc } from '../../properties.ts'

const names = (urls: readonly string[], taken: readonly string[] = []) => [
  ...referenceNames(urls, taken).values(),
]

test.each([
  ['https://example.com/docs/next-js', 'next-js.md'],
  ['https://example.com/docs/next-js.md', 'next-js.md'],
  ['https://example.com/docs/NEXT.MD', 'NEXT.md'],
  ['https://example.com/docs/next-js/', 'next-js.md'],
  ['https://example.com/docs/next.js?v=2#top', 'next.js.md'],
  ['https://example.com/', 'example.com.md'],
  ['https://example.com:8080', 'example.com-8080.md'],
  ['https://example.com/a%20b%2Fc', 'a-b-c.md'],
  ['https://example.com/.hidden', 'hidden.md'],
  ['https://example.com/%E4%BD%A0', 'example.com.md'],
  ['https://example.com/100%25%', '100-25.md'],
  ['https://example.com/nul', 'doc-nul.md'],
  ['../../docs/guide.md', 'guide.md'],
  ['file:./guide.md', 'guide.md'],
  ['..', 'document.md'],
])('referenceNames() names %s %s', (url, name) => {
  const expected = name === 'document.md' ? /^document-[0-9a-f]{8}\.md$/ : name
  const [got] = names([url])
  if (typeof expected === 'string') expect(got).toBe(expected)
  else expect(got).toMatch(expected)
})

test('referenceNames() renames all documents of one name by their paths', () => {
  const urls = [
    'https://a.com/js/install',
    'https://a.com/python/install.md',
    'https://b.com/python/install',
    'https://a.com/other',
  ]
  expect(names(urls)).toEqual([
    'js-install.md',
    'a.com-python-install.md',
    'b.com-python-install.md',
    'other.md',
  ])
})

test('referenceNames() renames what is generated or taken by a local reference', () => {
  const urls = ['COMMANDMENTS.md', 'example.md', 'EXAMPLE-app.md', 'guide'].map(
    (name) => `https://a.com/docs/${name}`,
  )
  expect(names(urls, ['Guide.md'])).toEqual([
    'docs-COMMANDMENTS.md',
    'docs-example.md',
    'docs-EXAMPLE-app.md',
    'docs-guide.md',
  ])
})

test('referenceNames() tells addresses apart that differ in nothing a name can hold', () => {
  const both = names(['https://a.com/x?v=1', 'https://a.com/x?v=2'])
  expect(new Set(both).size).toBe(2)
  for (const name of both) expect(name).toMatch(/^a\.com-x-[0-9a-f]{8}\.md$/)
})

test('referenceNames() ends even when nothing of an address is left to add', () => {
  expect(names(['EXAMPLE-x'])[0]).toMatch(/^doc-EXAMPLE-x-[0-9a-f]{8}\.md$/)
  const taken: string[] = []
  for (let round = 0; round < 70; round++) {
    const [name = ''] = names(['guide.md'], taken)
    expect(taken).not.toContain(name)
    taken.push(name)
  }
})

const segment = fc.constantFrom(
  'a',
  'b',
  'A',
  'a-b',
  'EXAMPLE-x',
  'COMMANDMENTS.md',
  'a.md',
  '%',
  '%2e',
  '..',
  '',
  'x'.repeat(120),
)
const address = fc
  .tuple(
    fc.constantFrom('https://h.com/', 'http://i.com/', '../', 'file:', ''),
    fc.array(segment, { maxLength: 4 }),
  )
  .map(([start, path]) => start + path.join('/'))

test('referenceNames() are different, safe, free, and the same whatever the order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(address, { maxLength: 12 }),
      fc.array(fc.constantFrom('a.md', 'A-B.md', 'h.com-a.md')),
      (urls, taken) => {
        const named = referenceNames(urls, taken)
        const all = [...named.values()].map((name) => name.toLowerCase())
        expect(new Set(all).size).toBe(urls.length)
        const closed = [...taken, 'commandments.md', 'example.md'].map((name) => name.toLowerCase())
        for (const name of named.values()) {
          expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.md$/)
          expect(name).not.toMatch(/^EXAMPLE-/)
          expect(closed).not.toContain(name.toLowerCase())
        }
        const backwards = referenceNames([...urls].reverse(), [...taken].reverse())
        expect(Object.fromEntries(backwards)).toEqual(Object.fromEntries(named))
      },
    ),
    { numRuns: 500 },
  )
})
