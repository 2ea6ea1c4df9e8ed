import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../../build/lint/catalogue.ts'
import type { Entry, Example } from '../../../build/lint/rule.ts'
import { rulesPage } from '../../../build/lint/rules-page.ts'
import { build } from '../../../build/pipeline.ts'
import { exampleTree } from './examples.ts'

/** Where a build tells a code. */
function told(example: Example, { code, severity }: Entry): string[] {
  return build(exampleTree(example))
    .diagnostics.filter((diagnostic) => diagnostic.code === code && diagnostic.severity === severity)
    .map(({ path, line, column }) => `${path}:${line}:${column}`)
}

describe.each(
  CATALOGUE.filter(({ ok, notOk }) => ok.length + notOk.length > 0).map(
    (entry) => [entry.code, entry] as const,
  ),
)('%s', (_, entry) => {
  test.each(entry.ok.map((example, at) => [at + 1, example] as const))(
    'lets be what is well (%i)',
    (_, example) => {
      expect(build(exampleTree(example)).diagnostics).toEqual([])
    },
  )

  test.each(entry.notOk.map((example, at) => [at + 1, example] as const))(
    'tells what is not (%i)',
    (_, example) => {
      expect(told(example, entry)).toEqual(example.at)
    },
  )
})

describe('the catalogue', () => {
  const CODE =
    /['"`]((?:discover|parse|validate|expand|link|lint|safety|ignore|waivers|fetch|example|scripts|ceiling|baseline)\/[a-z0-9-]+)['"`]/g
  /** These end a command; they are no findings about content. */
  const COMMAND_ERRORS = [
    'baseline/unwritable',
    'ceiling/channel',
    'ceiling/unreadable',
    'fetch/cache',
    'fetch/docs-from',
    'fetch/lock-unwritable',
    'lint/record-unwritable',
  ]
  const codes = new Set(CATALOGUE.map(({ code }) => code as string))

  test('has every code that stands in the compiler, and no other', () => {
    const files = globSync('build/**/*.ts').filter((file) => !file.startsWith('build/lint/codes/'))
    const written = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(CODE)].map((match) => match[1] ?? ''),
    )
    const known = [...codes, ...COMMAND_ERRORS]
    expect([...new Set(written)].filter((code) => !known.includes(code))).toEqual([])
    // validate/type and validate/flow are put together from the name of the key.
    expect([...codes].filter((code) => !written.includes(code))).toEqual(['validate/type', 'validate/flow'])
  })

  test('has each code once, and says what it means', () => {
    expect(codes.size).toBe(CATALOGUE.length)
    for (const { summary } of CATALOGUE) expect(summary).toMatch(/^[`A-Z].*\.$/)
  })

  test('shows every code that a tree in memory can show', () => {
    const unseen = CATALOGUE.filter(({ notOk }) => notOk.length === 0).map(({ code }) => code)
    expect(unseen.filter((code) => !/^(?:fetch|example|scripts|ceiling)\//.test(code))).toEqual([
      'discover/too-large',
      'discover/link',
      'discover/special-file',
      'discover/submodule',
      'discover/unreadable',
      'parse/utf8',
      'parse/yaml-size',
      'expand/too-large',
    ])
  })

  test('is what docs/rules.md says', async () => {
    await expect(rulesPage()).toMatchFileSnapshot('../../../docs/rules.md')
  })
})
