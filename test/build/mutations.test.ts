import { join } from 'node:path'
import { expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { renderFaces } from '../../build/faces.ts'
import { build } from '../../build/pipeline.ts'
import type { SourceFile } from '../../build/release.ts'
import { diagnosticSchema, hasErrors } from '../../schemas/diagnostic.ts'
import { fc } from '../properties.ts'
import { times } from '../times.ts'
import { readBack } from './read-back.ts'

const SMALL = join(import.meta.dirname, '../fixtures/content-small')

/** What a careless or hostile hand does to a file. */
const SNIPPETS = [
  ...[
    '---',
    '---js',
    '\n---\n',
    '{{> part}}',
    '{{> ',
    ': ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '&a ',
    '*a',
    '!!js ',
    '<<: ',
    '"',
    "'",
    '\t',
  ],
  ...[
    '\u202e',
    '\u0000',
    '\r',
    '\uFEFF',
    '#',
    '...',
    '%YAML 1.1\n',
    '__proto__: 1\n',
    'type: x\n',
    '\\ud800',
    '|\n',
    '>\n',
    'seed: true\n',
    '$&',
  ],
]
const mutation = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  kind: fc.constantFrom('insert', 'delete', 'byte', 'truncate', 'none', 'none', 'comment'),
  length: fc.nat(12),
  snippet: fc.constantFrom(...SNIPPETS),
  byte: fc.nat(255),
})

function mutate(
  files: readonly SourceFile[],
  change: typeof mutation extends fc.Arbitrary<infer T> ? T : never,
): SourceFile[] {
  const index = change.file % files.length
  return files.map((file, at) =>
    at === index ? { path: file.path, bytes: mutated(file.bytes, change) } : file,
  )
}

function mutated(
  bytes: Uint8Array,
  {
    at,
    kind,
    length,
    snippet,
    byte,
  }: { at: number; kind: string; length: number; snippet: string; byte: number },
): Uint8Array {
  const offset = at % (bytes.length + 1)
  const head = bytes.subarray(0, offset)
  if (kind === 'insert') return Buffer.concat([head, Buffer.from(snippet), bytes.subarray(offset)])
  if (kind === 'delete') return Buffer.concat([head, bytes.subarray(offset + length)])
  if (kind === 'byte') return Buffer.concat([head, Buffer.from([byte]), bytes.subarray(offset + 1)])
  if (kind === 'truncate') return head
  if (kind === 'comment') return Buffer.concat([bytes, Buffer.from('\n# a harmless last line\n')])
  return bytes
}

const TREES = times(400, 2_000)

test(`build() answers ${TREES} mutated trees with a release that can be read or a finding with a place`, async () => {
  const { files } = await discover(SMALL)
  let valid = 0
  let runs = 0
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (changes) => {
      const { release, diagnostics } = build({
        files: changes.reduce<readonly SourceFile[]>(mutate, files),
        diagnostics: [],
      })
      runs++
      if (!hasErrors(diagnostics)) valid++
      for (const diagnostic of diagnostics) diagnosticSchema.parse(diagnostic)
      expect(release !== undefined || hasErrors(diagnostics)).toBe(true)
      for (const artifact of release?.artifacts.values() ?? []) readBack(artifact)
      if (release !== undefined) renderFaces(release, 'http://localhost:8765/')
    }),
    { numRuns: TREES },
  )
  expect(valid / runs).toBeGreaterThan(0.3)
}, 120_000)
