import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { build } from '../../build/pipeline.ts'
import { diagnosticSchema } from '../../schemas/diagnostic.ts'

const CASES = join(import.meta.dirname, '../fixtures/broken')

describe('build() blames the right place of each broken tree, and nothing else', () => {
  test.each(readdirSync(CASES))('%s', async (name) => {
    const dir = join(CASES, name)
    const { diagnostics } = build(await discover(dir))
    const expected = JSON.parse(readFileSync(join(dir, 'expected.json'), 'utf8'))
    expect(diagnostics.map(({ path, line, column, code }) => ({ path, line, column, code }))).toEqual(
      expected,
    )
    for (const diagnostic of diagnostics) {
      expect(diagnosticSchema.parse(diagnostic)).toEqual(diagnostic)
      expect(diagnostic.message).not.toMatch(/\.$|undefined|\[object|Invalid input/)
    }
  })
})
