import { expect, test } from 'vitest'
import { exampleNames } from '../../../build/example/names.ts'
import { MAX_EXAMPLE_FILE_BYTES, renderExample } from '../../../build/example/render.ts'
import { fc } from '../../properties.ts'

const options = { path: 'apps/web', skip: () => false }
const file = (path: string, text: string | Uint8Array) => ({
  path,
  bytes: typeof text === 'string' ? Buffer.from(text) : text,
})
const render = (...files: ReturnType<typeof file>[]) => renderExample(files, options)

test('renderExample() shows the README first, then the files by path, each in a fence of its language', () => {
  const { text, diagnostics } = render(
    file('src/page.tsx', 'export const a = <b />\n\n'),
    file('Dockerfile', 'FROM scratch\r\n'),
    file('README.md', '\uFEFF# Web\n'),
  )
  expect(diagnostics).toEqual([])
  expect(text).toBe(
    [
      'Path: `apps/web`',
      '## `README.md`\n\n```md\n# Web\n```',
      '## `Dockerfile`\n\n```dockerfile\nFROM scratch\n```',
      '## `src/page.tsx`\n\n```tsx\nexport const a = <b />\n```\n',
    ].join('\n\n'),
  )
})

test('renderExample() leaves placeholders, partials and replacement patterns as the app has them', () => {
  const literal = '{display_name} {references}\n{{> honest}}\n$& $1 $$'
  expect(render(file('a.hbs', literal)).text).toContain(`\`\`\`hbs\n${literal}\n\`\`\``)
})

test('renderExample() makes every fence longer than any run of backticks inside', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('`', '```', 'x', '\n'), { minLength: 1, maxLength: 30 }),
      (parts) => {
        const body = `x${parts.join('')}x`
        const { text } = render(file('a.md', body))
        const [, fence = ''] = /^(`{3,})md$/m.exec(text) ?? []
        expect(body.includes(fence)).toBe(false)
        expect(text.endsWith(`${fence}md\n${body}\n${fence}\n`)).toBe(true)
      },
    ),
  )
})

test('renderExample() is the same whatever the order of the files', () => {
  const files = ['b.ts', 'README.md', 'a/z.ts', 'a.ts', 'B.ts'].map((path) => file(path, path))
  const wanted = render(...files).text
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
      expect(render(...shuffled).text).toBe(wanted)
    }),
  )
})

test('renderExample() leaves out what a skip pattern or a marker says, and what is then empty', () => {
  const { text, diagnostics } = renderExample(
    [
      file('a.ts', 'a'),
      file('b.css', 'b'),
      file('c.ts', '// @ignoreFile\nc'),
      file('d.ts', '// @ignoreLine\nd'),
    ],
    { ...options, skip: (path) => path.endsWith('.css') },
  )
  expect(text.match(/^## .*/gm)).toEqual(['## `a.ts`'])
  expect(diagnostics).toEqual([])
})

test.each([
  ['example/marker', file('a.ts', 'x\n\n# @ignoreBlockStart\ny'), '3:1'],
  ['example/binary', file('a.dat', Buffer.from([0x61, 0x00, 0x62])), '1:1'],
  ['example/binary', file('a.txt', Buffer.from([0x61, 0xff, 0x62])), '1:1'],
  ['example/hidden-character', file('a.ts', 'a\nb\u202ec'), '2:2'],
  ['example/file-too-large', file('a.ts', 'x'.repeat(MAX_EXAMPLE_FILE_BYTES + 1)), '1:1'],
  ['example/name', file('nul.ts', 'x'), '1:1'],
])('renderExample() warns of %s at its place and goes on', (code, broken, at) => {
  const [line, column] = at.split(':').map(Number)
  const { text, diagnostics } = render(broken, file('z.ts', 'sound'))
  expect(diagnostics).toEqual([
    expect.objectContaining({ code, severity: 'warning', path: `../apps/web/${broken.path}`, line, column }),
  ])
  expect(text).toContain('sound')
})

test('renderExample() keeps to a size, and says how many files did not fit', () => {
  const files = Array.from({ length: 12 }, (_, at) => file(`${at}.ts`, 'x'.repeat(250 * 1024)))
  const { text, diagnostics } = render(...files)
  expect(Buffer.byteLength(text)).toBeLessThan(2.1 * 1024 * 1024)
  expect(diagnostics.map(({ code, message }) => [code, /(\d+) files/.exec(message)?.[1]])).toEqual([
    ['example/too-large', '4'],
  ])
})

test('renderExample() warns when nothing is left to show', () => {
  expect(render().diagnostics.map(({ code }) => code)).toEqual(['example/empty'])
})

test('exampleNames() names one EXAMPLE.md, several by folder, and those that collide by path', () => {
  expect([...exampleNames(['apps/web'])]).toEqual([['apps/web', 'EXAMPLE.md']])
  expect([...exampleNames(['a/web', 'b/Web', 'c/api']).values()]).toEqual([
    'EXAMPLE-a-web.md',
    'EXAMPLE-b-Web.md',
    'EXAMPLE-api.md',
  ])
})

test('exampleNames() never gives two apps one name', () => {
  const segment = fc.constantFrom('a', 'b', 'A', 'a-b', 'b c', '(a)')
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 8 }), (paths) => {
      const names = [...exampleNames(paths).values()].map((name) => name.toLowerCase())
      expect(new Set(names).size).toBe(paths.length)
    }),
    { numRuns: 500 },
  )
})
