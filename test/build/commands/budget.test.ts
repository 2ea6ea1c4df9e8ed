import { expect, test } from 'vitest'
import { FIXTURES, mill, SMALL, scratch } from './mill.ts'

test('mill budget prints both tables and ends with 1 only over a limit', async () => {
  const dir = scratch()
  const plain = await mill(dir, 'budget', '--content', SMALL)
  expect(plain).toMatchObject({ err: '', code: 0 })
  expect(plain.out).toMatch(/\n +prompt +contract +pointers +total +reads\n(.*\n)*? .* hello\/greet\n/)
  expect(plain.out).toMatch(/\n +SKILL\.md +references +total\n(.*\n)*? .* greeting-nextjs\n/)
  expect(await mill(dir, 'budget', '--content', SMALL, '--max-skill', '100000')).toMatchObject({ code: 0 })
  const over = await mill(dir, 'budget', '--content', SMALL, '--max-prompt', '30', '--format', 'json')
  expect(over.code).toBe(1)
  const { prompts, skills, over: names } = JSON.parse(over.out)
  expect(names).toEqual({ prompts: expect.arrayContaining(['hello/greet']), skills: [] })
  expect([prompts.length, skills.length > 3]).toEqual([4, true])
})

test('mill budget refuses a limit that is no number, and tells errors before it estimates', async () => {
  const dir = scratch()
  for (const limit of ['0', '-1', '1.5', 'many', '1e9', '']) {
    const { error } = await mill(dir, 'budget', '--content', SMALL, '--max-skill', limit)
    expect(error?.code).toMatch(/^commander\./)
  }
  const broken = await mill(dir, 'budget', '--content', `${FIXTURES}/broken/unknown-tool`)
  expect([broken.code, broken.err.includes('validate/value')]).toEqual([1, true])
})
