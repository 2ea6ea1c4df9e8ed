import { expect, test } from 'vitest'
import { channelName } from '../../../schemas/channel.ts'
import { DEFAULT_PATTERNS } from '../../../server/channels/branch-patterns.ts'
import { branchChannels, defaultBranch, parseRefs, type Refs } from '../../../server/channels/branches.ts'
import { fc } from '../../properties.ts'

import { HOSTILE_NAMES } from './hostile-names.ts'

const A = 'a'.repeat(40)

function refs(names: readonly string[], more: Partial<Refs> = {}): Refs {
  return { branches: names.map((name) => ({ name, commit: A })), head: null, originHead: null, ...more }
}

test('parseRefs() reads branches, HEAD and origin/HEAD', () => {
  const lines = [
    `refs/heads/main\0${A}\0\0 `,
    `refs/heads/experiment/x\0${A}\0\0*`,
    `refs/remotes/origin/HEAD\0${A}\0refs/remotes/origin/trunk\0 `,
    'refs/heads/odd\0not-a-commit\0\0 ',
    '',
  ]
  expect(parseRefs(Buffer.from(lines.join('\n')))).toEqual({
    branches: [
      { name: 'main', commit: A },
      { name: 'experiment/x', commit: A },
    ],
    head: 'experiment/x',
    originHead: 'trunk',
  })
})

test.each([
  ['origin/HEAD when that branch is here', refs(['main', 'trunk'], { originHead: 'trunk' }), 'trunk'],
  ['main when origin/HEAD is not here', refs(['main', 'master'], { originHead: 'trunk' }), 'main'],
  ['master without main', refs(['master', 'x'], { head: 'x' }), 'master'],
  ['what HEAD is on without any of these', refs(['x', 'y'], { head: 'y' }), 'y'],
  ['nothing without branches', refs([]), null],
])('defaultBranch() is %s', (_, given, expected) => {
  expect(defaultBranch(given, { now: null, before: null })).toBe(expected)
})

test('defaultBranch() stays with its choice while that branch exists', () => {
  const now = { now: 'x', before: null }
  expect(defaultBranch(refs(['x', 'y'], { head: 'y' }), now)).toBe('x')
  expect(defaultBranch(refs(['y'], { head: 'y' }), now)).toBe('y')
  const before = { now: null, before: 'x' }
  expect(defaultBranch(refs(['x', 'y'], { head: 'y' }), before)).toBe('x')
  expect(defaultBranch(refs(['x', 'y'], { head: 'y', originHead: 'y' }), before)).toBe('y')
})

test('branchChannels() follows the default branch and experiments, main first', () => {
  const channels = branchChannels(
    refs(['experiment/a', 'feature/b', 'experiment/Main', 'trunk']),
    'trunk',
    DEFAULT_PATTERNS,
  )
  expect(channels.map(({ channel }) => channel)).toEqual([
    'main',
    'experiment-a',
    expect.stringMatching(/^experiment-main-[0-9a-f]{12}$/),
  ])
})

test('branchChannels() gives every hostile name a channel of its own that is a plain slug', () => {
  const hostile = HOSTILE_NAMES.map((name) => `experiment/${name}`)
  const channels = branchChannels(refs(hostile), null, DEFAULT_PATTERNS)
  expect(new Set(channels.map(({ channel }) => channel)).size).toBe(hostile.length)
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })), (names) => {
      const found = branchChannels(refs(names.map((name) => `experiment/${name}`)), null, DEFAULT_PATTERNS)
      for (const { channel } of found) expect(channelName.safeParse(channel).success).toBe(true)
      expect(new Set(found.map(({ channel }) => channel)).size).toBe(names.length)
    }),
  )
})

test('branchChannels() calls a channel the same, whatever other branches come and go', () => {
  const names = HOSTILE_NAMES.map((name) => `experiment/${name}`)
  const nameOf = (name: string, among: readonly string[]) =>
    branchChannels(refs(among), null, DEFAULT_PATTERNS).find(({ branch }) => branch === name)?.channel
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 1 }), (among) => {
      const [name = ''] = among
      expect(nameOf(name, among)).toBe(nameOf(name, [name]))
    }),
  )
})
