import { describe, expect, test } from 'vitest'
import type { ChannelPointer } from '../../../schemas/channel.ts'
import { times } from '../../times.ts'
import { attacked, current, HOUR, honest, key, line, old, site, to } from './attack-kit.ts'
import { keyPair, pointerOf } from './signed-site.ts'
import { begin, someUser } from './trusted-run.ts'

const stranger = keyPair()
const changed = (fields: Partial<ChannelPointer>) => ({ ...honest, ...fields })
const { expires: _, ...endless } = honest
const { signature: __, ...unsigned } = honest

const POINTERS: readonly (readonly [string, string, unknown])[] = [
  ['no signature', 'trust/unsigned', unsigned],
  ['a signature by a stranger', 'trust/wrong-key', pointerOf({ key: stranger.key, release: old.id })],
  [
    "a stranger's signature under the name of the key",
    'trust/signature',
    changed({
      signature: {
        key: key.id,
        value: pointerOf({ key: stranger.key, release: old.id }).signature?.value ?? '',
      },
    }),
  ],
  ['another release under the signature', 'trust/signature', changed({ release: old.id })],
  ['a serial that runs ahead', 'trust/signature', changed({ serial: Number.MAX_SAFE_INTEGER })],
  ['another commit', 'trust/signature', changed({ commit: 'ab'.repeat(20) })],
  ['another day', 'trust/signature', changed({ publishedAt: '2026-11-02T00:00:00.000Z' })],
  ['an end that was put off', 'trust/signature', changed({ expires: '2099-01-01T00:00:00.000Z' })],
  ['an end that was taken away', 'trust/signature', endless],
  ['an end that has come', 'trust/expired', pointerOf({ key, release: current.id, lifetimeMs: -1000 })],
  [
    'the name of another channel',
    'trust/wrong-channel',
    pointerOf({ key, release: old.id, channel: 'other' }),
  ],
  [
    'another channel, told as this one',
    'trust/wrong-channel',
    { channel: 'main', pointer: pointerOf({ key, release: old.id, channel: 'other' }) },
  ],
  ['no pointer', 'trust/no-pointer', { channel: 'main', pointer: null }],
  ['a field that nobody signed', 'run/menu-invalid', { ...honest, downloadUrl: 'http://evil.example/' }],
  ['a release that is a path', 'run/menu-invalid', changed({ release: '../../evil' })],
  ['a serial that is none', 'run/menu-invalid', changed({ serial: 1.5 })],
  ['nothing', 'run/menu-invalid', {}],
]

describe('a run with a key refuses a pointer with', () => {
  test.each(POINTERS)('%s', async (_name, code, pointer) => {
    expect(await attacked({ pointer })).toMatchObject({ code })
  })

  test.each([
    ['a lower serial', 'trust/rollback', pointerOf({ key, release: old.id, serial: 4, lifetimeMs: HOUR })],
    [
      'a serial that was another release',
      'trust/forked',
      pointerOf({ key, release: old.id, lifetimeMs: HOUR }),
    ],
  ])('%s, once a later one was seen', async (_name, code, pointer) => {
    expect(await attacked({ pointer, seen: true })).toMatchObject({ code })
  })
})

test('a run with a key notices one changed character wherever it is in a pointer', async () => {
  const text = JSON.stringify({ channel: 'main', pointer: honest })
  // Every character in turn would ask 500 times; the last of the signature has bits that say nothing.
  const some = Array.from(text, (_character, at) => at).filter((at) => at % times(7, 1) === 0)
  const places = [...some, text.indexOf('=="') - 1]
  const user = someUser()
  for (const at of places) {
    const other = text[at] === '1' ? '2' : '1'
    const sent = text.slice(0, at) + other + text.slice(at + 1)
    site.attack = to('/channels/main', (response) => void response.end(sent))
    const error: unknown = await begin({ base: site.base, key: line, user }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error, sent).toMatchObject({ code: expect.stringMatching(/^(trust\/[a-z-]+|run\/menu-invalid)$/) })
  }
  site.attack = () => false
})
