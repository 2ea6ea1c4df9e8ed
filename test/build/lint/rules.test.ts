import { globSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../../build/lint/catalogue.ts'
import type { Entry, Example } from '../../../build/lint/rule.ts'
import { rulesPage } from '../../../build/lint/rules-page.ts'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { findingsOf } from './examples.ts'

const seen = new Map<Example, readonly Diagnostic[]>()
beforeAll(async () => {
  for (const entry of CATALOGUE)
    for (const example of [...entry.ok, ...entry.notOk]) seen.set(example, await findingsOf(example, entry))
}, 60_000)

/** What a build tells with the code of an entry. */
function told(example: Example, { code, severity }: Entry): readonly Diagnostic[] {
  return (seen.get(example) ?? []).filter((one) => one.code === code && one.severity === severity)
}

describe.each(
  CATALOGUE.filter(({ ok, notOk }) => ok.length + notOk.length > 0).map(
    (entry) => [entry.code, entry] as const,
  ),
)('%s', (_, entry) => {
  test.each(entry.ok.map((example, at) => [at + 1, example] as const))(
    'lets be what is well (%i)',
    (_, example) => {
      expect(seen.get(example)).toEqual([])
    },
  )

  test.each(entry.notOk.map((example, at) => [at + 1, example] as const))(
    'tells what is not, and what was expected (%i)',
    (_, example) => {
      const findings = told(example, entry)
      expect(findings.map(({ path, line, column }) => `${path}:${line}:${column}`)).toEqual(example.at)
      for (const { message } of findings) {
        expect(message).toMatch(/^(?:Cannot|Unknown|Missing) .*\bexpected /s)
        expect(message).not.toMatch(/[.!]$|\b(?:please|invalid)\b/i)
      }
    },
  )
})

describe('the catalogue', () => {
  /** A code of a stage that has any, or the code of a finding of whatever stage. */
  const STAGES = [...new Set(CATALOGUE.map(({ code }) => code.split('/', 1)[0]))].join('|')
  const CODE = new RegExp(`['"\`]((?:${STAGES})/[a-z0-9-]+)['"\`]|\\bcode: '([^']+/[^']+)'`, 'g')
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
      [...readFileSync(file, 'utf8').matchAll(CODE)].map(([, code, other]) => code ?? other ?? ''),
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

  test('shows every code, but for those where it says why none can be', () => {
    const unseen = CATALOGUE.filter(({ notOk }) => notOk.length === 0).map(({ code }) => code)
    expect(unseen).toEqual([
      ...['discover/special-file', 'git/unreadable', 'discover/submodule', 'discover/unreadable'],
      ...['fetch/offline', 'fetch/stale', 'example/unreadable', 'example/too-many-files'],
    ])
  })

  test('is what docs/rules.md says', async () => {
    const messages = (example: Example, entry: Entry) => [
      ...new Set(told(example, entry).map(({ message }) => message)),
    ]
    await expect(rulesPage(messages)).toMatchFileSnapshot('../../../docs/rules.md')
  })
})
