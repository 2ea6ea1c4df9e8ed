import { describe, expect, test } from 'vitest'
import { channelName, channelOf } from '../../schemas/channel.ts'
import { fc } from '../properties.ts'

describe('channelOf()', () => {
  test('turns the slashes of an ordinary branch into dashes', () => {
    expect(channelOf('experiment/x')).toBe('experiment-x')
    expect(channelOf('experiment/shorter-prompts')).toBe('experiment-shorter-prompts')
  })

  test('adds a hash where the slug alone would lose something', () => {
    const branches = [
      'experiment/X',
      'experiment/x',
      'experiment/x;touch y',
      'experiment/ x',
      'experiment--x',
      'experiment-x',
      'experiment/a/b',
      'experiment/a-b',
      'dev',
      'main',
      '__proto__',
      'эксперимент',
      '..%2f..',
      'con',
    ]
    const names = branches.map((branch) => channelOf(branch))
    expect(new Set(names).size).toBe(branches.length)
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(channelOf('dev')).toMatch(/^dev-[0-9a-f]{12}$/)
    expect(channelOf('con')).toMatch(/^con-[0-9a-f]{12}$/)
  })

  test('cannot be made to give the name of one branch to another', () => {
    const plain = fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8})?$/)
    fc.assert(
      fc.property(plain, fc.constantFrom('X', 'x_y', 'a/b', 'é'), (word, end) => {
        const victim = channelOf(`experiment/${word}${end}`)
        const [, ...rest] = victim.split('-')
        const thief = `experiment/${rest.join('-')}`
        expect(channelOf(thief)).not.toBe(victim)
        expect(channelOf(`experiment/${word}/${victim.slice(-12)}`)).not.toBe(victim)
      }),
    )
  })

  test('always gives a channel name, whatever the branch is called', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (branch) => {
        expect(channelName.safeParse(channelOf(branch)).success).toBe(true)
      }),
    )
  })
})
