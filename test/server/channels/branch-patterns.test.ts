import { expect, test } from 'vitest'
import { matchesPattern } from '../../../server/channels/branch-patterns.ts'
import { fc } from '../../properties.ts'
import { repoWithContent } from '../repo.ts'
import { write } from '../scratch.ts'
import { followed } from './followed.ts'

test.each([
  ['experiment/*', ['experiment/x', 'experiment/a/b', 'experiment/'], ['experiment', 'x/experiment/y']],
  ['*', ['x', 'a/b', ''], []],
  ['a*b*c', ['abc', 'axxbxxc', 'abbc', 'abcbc'], ['ab', 'acb', 'abcd']],
  ['a*a', ['aa', 'aba'], ['a']],
  ['release', ['release'], ['releases', 'prelease']],
  ['a.b*', ['a.b', 'a.bc'], ['aXb']],
])('matchesPattern() reads %s', (pattern, yes, no) => {
  for (const name of yes) expect(matchesPattern(name, pattern), name).toBe(true)
  for (const name of no) expect(matchesPattern(name, pattern), name).toBe(false)
})

test('matchesPattern() agrees with a regular expression', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })
  fc.assert(
    fc.property(word, name, (pattern, branch) => {
      expect(matchesPattern(branch, pattern)).toBe(
        new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(branch),
      )
    }),
  )
})

test('refreshBranches() follows the branches that channels.yaml of the default branch names', async () => {
  const repo = repoWithContent()
  for (const branch of ['experiment/x', 'team/a', 'team/b', 'other']) repo.git('branch', branch)
  const server = await followed(repo.content)
  const names = async () => {
    await server.refreshBranches()
    return server.channels().map(({ name, status }) => `${name} ${status}`)
  }
  expect(await names()).toEqual(['main live', 'experiment-x live'])
  write(repo.content, { 'channels.yaml': 'branches: [team/*]\n' })
  repo.commit('teams')
  expect(await names()).toEqual(['main live', 'experiment-x retired', 'team-a live', 'team-b live'])
  write(repo.content, { 'channels.yaml': 'branches: 7\n' })
  repo.commit('broken')
  expect(await names()).toEqual(['main stale', 'experiment-x retired', 'team-a live', 'team-b live'])
  write(repo.content, { 'channels.yaml': 'branches: []\n' })
  repo.commit('none')
  expect(await names()).toEqual(['main live', 'experiment-x retired', 'team-a retired', 'team-b retired'])
  // A branch has no say.
  repo.git('checkout', '--quiet', '-b', 'experiment/y')
  write(repo.content, { 'channels.yaml': 'branches: ["*"]\n' })
  repo.commit('mine')
  expect((await names()).filter((one) => one.endsWith('live'))).toEqual(['main live'])
})
