import { expect, test } from 'vitest'
import { LIMITS } from '../../../client/install/paths.ts'
import { unbundle } from '../../../client/install/unbundle.ts'

const skill = { id: 'x-nextjs', url: 'http://localhost/x.json', variant: 'nextjs' }
const bundle = (variant: Readonly<Record<string, string>>, more = {}) =>
  Buffer.from(JSON.stringify({ id: 'x', variants: { nextjs: variant }, ...more }))

test('unbundle() takes one variant', () => {
  const files = unbundle(skill, bundle({ 'SKILL.md': '# é', 'references/a.md': 'a' }))
  expect([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])).toEqual([
    ['SKILL.md', '# é'],
    ['references/a.md', 'a'],
  ])
})

test.each([
  ['run/menu-invalid', bundle({ '../x': '' })],
  ['run/menu-invalid', bundle({ 'SKILL.md': '' }, { extra: 1 })],
  ['run/menu-invalid', Buffer.from('{')],
  ['install/path-outside', bundle({ 'SKILL.md': '', 'C:x': '' })],
  ['install/path-hidden', bundle({ 'SKILL.md': '', '.git/config': '' })],
  ['install/path-name', Buffer.from('{"id":"x","variants":{"nextjs":{"SKILL.md":"","constructor":""}}}')],
  ['install/duplicate-path', bundle({ 'SKILL.md': '', 'Skill.md': '' })],
  ['install/no-skill-file', bundle({ 'a.md': '' })],
  ['install/too-large', bundle({ 'SKILL.md': 'x'.repeat(LIMITS.bytes + 1) })],
  [
    'install/too-many-files',
    bundle(Object.fromEntries([...Array(600).keys()].map((index) => [`f${index}`, '']))),
  ],
])('unbundle() refuses with %s', (code, bytes) => {
  expect(() => unbundle(skill, bytes)).toThrow(expect.objectContaining({ code }))
})

test('unbundle() names the variants there are', () => {
  for (const variant of ['express', '__proto__', 'constructor']) {
    expect(() => unbundle({ ...skill, variant }, bundle({ 'SKILL.md': '' }))).toThrow(
      `no variant "${variant}", but nextjs`,
    )
  }
})
