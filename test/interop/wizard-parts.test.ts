import { describe, expect, test } from 'vitest'
import { parsePrompt, resolve } from './wizard.ts'

describe('the parser of prompts', () => {
  const read = (...lines: string[]) => parsePrompt(['---', ...lines, '---', 'Body', ''].join('\n'))

  test('knows scalars, lists on one line and nothing else', () => {
    const prompt = read('type: init', 'label: "A label"', 'skills: [a, "b"]', 'sink: true', 'seed: yes')
    expect(prompt).toMatchObject({
      type: 'init',
      label: 'A label',
      skills: ['a', 'b'],
      sink: true,
      seed: false,
    })
    expect(prompt.body).toBe('Body\n')
  })

  test('takes a block list for an empty one, and "#" after a space for a comment, in quotes, too', () => {
    const prompt = read('skills:', '  - a', 'label: "fix # now"', 'type: c#')
    expect(prompt).toMatchObject({ skills: [], label: '"fix', type: 'c#' })
  })
})

test('resolve() prefers the exact id, then the default of the framework, then the first', () => {
  const entry = { name: '', downloadUrl: '' }
  const entries = [
    { ...entry, id: 'a', group: 'other' },
    { ...entry, id: 'g-1', group: 'g', framework: 'nextjs' },
    { ...entry, id: 'g-2', group: 'g', framework: 'nextjs', default: true },
    { ...entry, id: 'g-3', group: 'g', framework: 'express' },
  ]
  expect(['a', 'g-1', 'g'].map((id) => resolve(entries, id, 'nextjs')?.id)).toEqual(['a', 'g-1', 'g-2'])
  expect(resolve(entries, 'g', 'express')?.id).toBe('g-3')
  expect(resolve(entries, 'g', 'astro')).toBeUndefined()
})
