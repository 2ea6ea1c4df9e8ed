import { expect, test } from 'vitest'
import { availableSkills, frameworksOf, resolveSkill } from '../../../client/install/resolve.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { skillMenuSchema } from '../../../schemas/skill-menu.ts'

const artifact = { downloadUrl: 'http://localhost/x', digest: digestOf(''), size: 0, name: 'x' }
const skills = availableSkills(
  skillMenuSchema.parse({
    version: '1.0',
    buildVersion: 'r',
    cliEntries: [],
    categories: {
      plain: [{ id: 'event-naming', group: 'event-naming', ...artifact }],
      'integration/init': [
        { id: 'init-a', group: 'init', framework: 'nextjs', ...artifact },
        { id: 'init-b', group: 'init', framework: 'nextjs', default: true, ...artifact },
        { id: 'init-c', group: 'init', framework: 'express', ...artifact },
        { id: 'init-d', group: 'init', framework: 'express', ...artifact },
      ],
      capture: [
        {
          id: 'capture',
          group: 'capture',
          bundle: true,
          variants: [{ id: 'next', framework: 'nextjs' }, { id: 'any' }],
          ...artifact,
        },
      ],
    },
  }),
)
const resolve = (id: string, framework: string | null) => resolveSkill(skills, id, framework)?.id ?? null

test('resolveSkill() takes the exact id first, whatever the framework', () => {
  expect(resolve('event-naming', 'django')).toBe('event-naming')
  expect(resolve('init-c', 'nextjs')).toBe('init-c')
  expect(resolveSkill(skills, 'capture-next', null)).toMatchObject({ id: 'capture-next', variant: 'next' })
})

test('resolveSkill() takes the default of the group for the framework, else its first', () => {
  expect(resolve('init', 'nextjs')).toBe('init-b')
  expect(resolve('init', 'express')).toBe('init-c')
  expect(resolve('capture', 'nextjs')).toBe('capture-next')
})

test('resolveSkill() answers null for another framework and for what is not there', () => {
  expect(resolve('init', 'django')).toBeNull()
  expect(resolve('init', null)).toBeNull()
  expect(resolve('capture', null)).toBe('capture-any')
  expect(resolve('nothing', 'nextjs')).toBeNull()
})

test('frameworksOf() names each framework of a group once', () => {
  expect(frameworksOf(skills, 'init')).toEqual(['express', 'nextjs'])
  expect(frameworksOf(skills, 'event-naming')).toEqual([])
})
