import { expect, test } from 'vitest'
import type { Release } from '../../../build/release.ts'
import { staging } from '../../../server/store/staging.ts'
import { releaseOf } from '../../build/publish/release-of.ts'

test('staging() stages one release at a time and, of those that wait, the latest; a failure is nobody’s', async () => {
  const staged: Release[] = []
  const started = Promise.withResolvers<void>()
  const stage = staging(async (release) => {
    staged.push(release)
    await started.promise
    throw new Error('the disk is full')
  })
  const [first, second, third] = [releaseOf('one'), releaseOf('two'), releaseOf('three')]
  const all = [stage(first), stage(second), stage(third)]
  expect(staged).toEqual([first])
  started.resolve()
  await Promise.all(all)
  expect(staged).toEqual([first, third])
})
