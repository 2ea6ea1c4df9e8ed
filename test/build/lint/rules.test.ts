import { describe, expect, test } from 'vitest'
import { CATALOGUE } from '../../../build/lint/catalogue.ts'
import type { Entry, Example } from '../../../build/lint/rule.ts'
import { build } from '../../../build/pipeline.ts'
import { exampleTree } from './examples.ts'

/** Where a build tells a code. */
function told(example: Example, { code, severity }: Entry): string[] {
  return build(exampleTree(example))
    .diagnostics.filter((diagnostic) => diagnostic.code === code && diagnostic.severity === severity)
    .map(({ path, line, column }) => `${path}:${line}:${column}`)
}

describe.each(CATALOGUE.map((entry) => [entry.code, entry] as const))('%s', (_, entry) => {
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
