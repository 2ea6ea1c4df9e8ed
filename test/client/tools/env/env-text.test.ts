import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { envKey, isPlaceholder, isSecretName, placeholderFor } from '../../../../client/tools/env/env-key.ts'
import { standingOf, unwritable, withValues } from '../../../../client/tools/env/env-text.ts'
import { fc } from '../../../properties.ts'

describe('withValues()', () => {
  test.each([
    ['', 'A=v\n'],
    ['B=1', 'B=1\nA=v\n'],
    ['B=1\r\n', 'B=1\r\nA=v\r\n'],
    ['# A=\nA=\nB=1\n', '# A=\nA=v\nB=1\n'],
    ['export A=""  # mine\n', 'export A=v  # mine\n'],
    ['A=# mine\n', 'A=v # mine\n'],
    ['A=old\nA=\n', 'A=old\nA=v\n'],
    ['  A =   \n', '  A =   v\n'],
    ['B="x\nA=\n"\n', 'B="x\nA=\n"\nA=v\n'],
    ['\uFEFFA=\n', '\uFEFFA=v\n'],
    ['AA=1\nA_=2\n', 'AA=1\nA_=2\nA=v\n'],
  ])('in %j sets the value and leaves the rest', (before, after) => {
    expect(withValues(before, new Map([['A', 'v']]))).toBe(after)
  })

  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => {
    return unwritable(text) === undefined && text.trim() === text
  })
  const key = fc.constantFrom('A', 'B', 'LONG_NAME')
  const line = fc.oneof(
    fc.constantFrom('', '# note', 'export C=1', "D='x y'", 'A=', 'B=""', 'E="one\\ntwo"', 'odd line'),
    fc.tuple(key, value).map(([name, text]) => `${name}='${text.replaceAll("'", '')}'`),
  )
  test('is read back by the loader of Node as it was meant, and nothing else has changed', () => {
    fc.assert(
      fc.property(fc.array(line), fc.dictionary(key, value), (lines, values) => {
        const before = lines.join('\n')
        const after = withValues(before, new Map(Object.entries(values)))
        expect(parseEnv(after)).toEqual({ ...parseEnv(before), ...values })
        for (const name of Object.keys(values)) expect(standingOf(after, name)).not.toBe('missing')
        expect(withValues(after, new Map(Object.entries(values)))).toBe(after)
      }),
    )
  })
})

describe('standingOf()', () => {
  test.each([
    ['', 'missing'],
    ['A=1', 'set'],
    ['export A = 1', 'set'],
    ['A: 1', 'set'],
    ['A=', 'empty'],
    ["A=''", 'empty'],
    ['A=  # nothing', 'empty'],
    ['A=your-a', 'placeholder'],
    ['A="<your key>"', 'placeholder'],
    ['A=changeme', 'placeholder'],
    ['A=1\nA=', 'empty'],
    ['#A=1', 'missing'],
    ['B="\nA=1\n"', 'missing'],
    ['A="not closed', 'set'],
  ])('of A in %j is %s', (text, standing) => {
    expect(standingOf(text, 'A')).toBe(standing)
  })

  test('takes no longer for a file that was made to be slow', () => {
    const texts = ['A="', "A='\n", 'export ', '\\'].map((piece) => piece.repeat(60_000))
    for (const text of texts) standingOf(text, 'B')
  }, 2000)
})

describe('names and values', () => {
  test.each([
    'NODE_OPTIONS',
    'PATH',
    'ld_preload',
    'HTTPS_PROXY',
    'npm_config_registry',
    'GIT_SSH',
    '',
    'A-B',
    '1A',
    'A\nB',
    'А',
  ])('refuses the name %j', (name) => expect(envKey.safeParse(name).success).toBe(false))
  test.each(['NEXT_PUBLIC_POSTHOG_KEY', 'NODE_ENV', 'POSTHOG_HOST', 'a'])('takes the name %j', (name) => {
    expect(envKey.safeParse(name).success).toBe(true)
  })
  test.each([
    ['NEXT_PUBLIC_POSTHOG_KEY', true],
    ['STRIPE_SECRET', true],
    ['DATABASE_URL', true],
    ['NEXT_PUBLIC_POSTHOG_HOST', false],
    ['MONKEY', false],
  ])('knows whether %s is for a person to give: %j', (name, secret) =>
    expect(isSecretName(name)).toBe(secret),
  )
  test('every placeholder is known as one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/), (name) =>
        isPlaceholder(placeholderFor(name)),
      ),
    )
  })
  test.each(['a\nb', 'a\rb', 'a\0', 'a$b', 'a`b', 'a\\b', `'"`, '\ud800', 'x'.repeat(4097)])(
    'refuses the value %j',
    (text) => expect(unwritable(text)).toBeTypeOf('string'),
  )
})
