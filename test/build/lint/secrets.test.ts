import { describe, expect, test } from 'vitest'
import { findSecrets, redacted, SECRET_KINDS } from '../../../build/lint/secrets.ts'
import { fc } from '../../properties.ts'
import { growsLinearly } from '../cpu-time.ts'
import { draw, PLACEHOLDERS, SAMPLES } from './secret-samples.ts'

const torn = SAMPLES.filter(([kind]) => !/private key|PGP|PuTTY/.test(kind) || kind.startsWith('keystore'))

/** Splits where the random part is, eight characters before its end. */
function split(written: string, glue: string): string {
  const at = written.search(/[A-Za-z0-9+/_-]{8}[^A-Za-z0-9+/_-]*$/)
  return written.slice(0, at) + glue + written.slice(at)
}

describe('findSecrets()', () => {
  test('knows far more than 25 kinds, and each has a sample', () => {
    expect(SECRET_KINDS.length).toBeGreaterThan(50)
    expect([...new Set(SAMPLES.map(([kind]) => kind))].sort()).toEqual([...SECRET_KINDS].sort())
  })

  test.each(SAMPLES)('finds a %s in a sentence: %s', (kind, written) => {
    const found = findSecrets(`Use this: ${written} and go on.`)
    expect(found.map((finding) => finding.kind)).toEqual([kind])
    expect(found[0]?.offset).toBeGreaterThanOrEqual('Use this: '.length)
  })

  test.each(SAMPLES)('finds a %s in a code fence: %s', (kind, written) => {
    expect(findSecrets(`# Setup\n\n\`\`\`sh\nX='${written}'\n\`\`\`\n`).map((found) => found.kind)).toEqual([
      kind,
    ])
  })

  test.each(torn)('finds a %s over two lines: %s', (kind, written) => {
    for (const glue of ['\\\n', '\\\n    ', '" +\n  "', "' + '", '" . "', '"\n      "']) {
      const text = `const value = "${split(written, glue)}"\nnext()\n`
      expect(
        findSecrets(text).map((found) => found.kind),
        glue,
      ).toEqual([kind])
    }
  })

  test('finds a token that a plain line break tears, but joins no two words', () => {
    const [, token = ''] = SAMPLES.find(([kind]) => kind === 'npm token') ?? []
    expect(findSecrets(`> ${token.slice(0, 25)}\n> ${token.slice(25)}\n> done`)).toMatchObject([
      { offset: 2 },
    ])
    expect(findSecrets('See npm_config_registry_and_more\nconfiguration_and_even_more_of_it\n')).toEqual([])
  })

  test.each(PLACEHOLDERS.map((text) => [text]))('takes no placeholder for a secret: %s', (text) => {
    expect(findSecrets(text)).toEqual([])
    expect(findSecrets(`\`\`\`\n${text}\n\`\`\``)).toEqual([])
  })

  test('covers exactly the secret', () => {
    const token = `ghp_${draw('abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789', 36)}`
    const text = `a\n  token: ${token}.\n`
    const [found] = findSecrets(text)
    expect(text.slice(found?.offset, (found?.offset ?? 0) + (found?.length ?? 0))).toBe(token)
  })

  test('tells all of them, in order, wherever they stand', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SAMPLES), { maxLength: 6 }), (samples) => {
        const text = samples.map(([, written]) => `text\n\n${written}\n`).join('\n')
        expect(findSecrets(text).map((found) => found.kind)).toEqual(samples.map(([kind]) => kind))
      }),
    )
  })

  test('never fails and never reports a place outside the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        for (const { offset, length } of findSecrets(text)) {
          expect(offset >= 0 && length > 0 && offset + length <= text.length).toBe(true)
        }
      }),
    )
  })

  test.each(HOSTILE())('is linear on %s', (_, unit) => {
    const read = (length: number) => findSecrets(unit.repeat(Math.ceil(length / unit.length)))
    // Many times as long is no square yet; a square would be sixty-four times, and a cube ten thousand.
    expect(growsLinearly(read, { small: 25_000, most: 40, floor: 10 })).toBe(true)
  })
})

function HOSTILE(): [string, string][] {
  return [
    'a',
    ' ',
    '\n',
    '-',
    '_',
    'eyJ',
    '-eyJ',
    'eyJ.',
    'sk-',
    'sk-proj-',
    'sk-ant-api03-',
    'xoxb-a-',
    'AKIA',
    'M-',
    'MII',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    'postgres://',
    'https://a:',
    'secret=',
    'secret=\n',
    '"\n"',
    '"+',
    '\\\n',
    '" +\n"',
    'a1b2c3d4e5f6\n',
    '0',
    '12345678:A',
    '/',
    '+/',
    'SG.',
    'dp.pt.',
    'PuTTY-User-Key-File-3: a',
    '"',
    '.',
    '\ud800',
    'npm_8Hs7dk2JqL0zXwVb5nMcRtY3uIoP9aSdFgHj ',
    '> \n',
  ].map((unit) => [JSON.stringify(unit), unit])
}

describe('redacted()', () => {
  test('shows no more than four characters', () => {
    expect(redacted('sk-ant-api03-abc')).toBe('sk-a…')
  })
})
