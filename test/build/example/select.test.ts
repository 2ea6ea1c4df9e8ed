import { expect, test } from 'vitest'
import { MAX_EXAMPLE_FILES, selectExample } from '../../../build/example/select.ts'

const file = (path: string, size = 1) => ({ path, kind: 'file' as const, size })

test('selectExample() takes the files that are small enough and not left out, by path', () => {
  const found = [
    file('b.ts'),
    { ...file('l.ts'), kind: 'link' as const },
    file('a.ts'),
    file('big.ts', 6e6),
    file('c.css'),
  ]
  const pipe = { ...file('pipe'), kind: 'other' as const }
  const { entries, diagnostics } = selectExample('apps/a', [...found, pipe], (path) => path.endsWith('.css'))
  expect(entries.map(({ path }) => path)).toEqual(['a.ts', 'b.ts'])
  expect(diagnostics.map(({ code, severity, path }) => `${severity} ${code} ${path}`)).toEqual([
    'error example/link ../apps/a/l.ts',
    'warning example/file-too-large ../apps/a/big.ts',
  ])
})

test('selectExample() takes so many files and says how many there were', () => {
  const found = Array.from({ length: MAX_EXAMPLE_FILES + 3 }, (_, at) => file(`${at}.ts`))
  const { entries, diagnostics } = selectExample('apps/a', found, () => false)
  expect(entries).toHaveLength(MAX_EXAMPLE_FILES)
  expect(diagnostics.map(({ code, message }) => [code, /\d+/.exec(message)?.[0]])).toEqual([
    ['example/too-many-files', String(found.length)],
  ])
})
