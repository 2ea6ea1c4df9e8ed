import { expect, test } from 'vitest'
import { createBuilder } from '../../build/builder.ts'
import { hasErrors } from '../../schemas/diagnostic.ts'
import { fc } from '../properties.ts'
import { times } from '../times.ts'
import { BASE, clean, edited, editSequences, print, treeIn, type World } from './incremental-tree.ts'

/** Other ones each time it runs. */
const SEQUENCES = times(150, 1_000)

const START: World = new Map(Object.entries(BASE).map(([name, text]) => [name, String(text)]))

test('the tree that is edited serves every kind of artifact, without a finding that matters', () => {
  const { release, diagnostics } = createBuilder().build(treeIn(START))
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect([...(release?.artifacts.keys() ?? [])]).toEqual([
    ...['agents-demo-seed.md', 'agents-demo-task.md', 'agents-demo.json', 'agents-other-seed.md'],
    ...['agents-other.json', 'area-kit-one.zip', 'area-kit-two.zip', 'guide.md', 'lent.json', 'plain.zip'],
  ])
})

test(`createBuilder().build() is a clean build to the byte after each of ${SEQUENCES} sequences of edits`, () => {
  let builds = 0
  let sound = 0
  fc.assert(
    fc.property(editSequences, (edits) => {
      const builder = createBuilder()
      builder.build(treeIn(START))
      let world = START
      for (const edit of edits) {
        world = edited(world, edit)
        const outcome = builder.build(treeIn(world))
        builds++
        if (!hasErrors(outcome.diagnostics)) sound++
        expect(print(outcome)).toBe(clean(world))
      }
    }),
    { numRuns: SEQUENCES },
  )
  // Mended as often as broken: neither state is the only one that is tried.
  expect(sound / builds).toBeGreaterThan(0.1)
  expect(sound / builds).toBeLessThan(0.9)
}, 400_000)

test('createBuilder().build() gives what is unchanged as the very same artifact, and forgets what is gone', () => {
  const builder = createBuilder()
  const first = builder.build(treeIn(START)).release
  const changed = new Map(START).set('shared/seed-contract.md', 'Plan otherwise.\n')
  const second = builder.build(treeIn(changed)).release
  const kept = [...(first?.artifacts ?? [])].filter(([name, one]) => second?.artifacts.get(name) === one)
  expect(kept.map(([name]) => name)).toHaveLength((first?.artifacts.size ?? 0) - 2)
  builder.build(treeIn(new Map()))
  expect(builder.build(treeIn(START)).release?.artifacts.get('plain.zip')).not.toBe(
    first?.artifacts.get('plain.zip'),
  )
})
