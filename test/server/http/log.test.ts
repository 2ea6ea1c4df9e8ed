import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import type { Channel } from '../../../server/channels/channel.ts'
import { openJsonLog } from '../../../server/http/json-log.ts'
import { channelLine, openLog } from '../../../server/http/log.ts'
import { emptyRelease } from '../empty-release.ts'
import { pointerTo } from '../pointer-to.ts'

const release = emptyRelease('ab'.repeat(32))
const problem = {
  path: 'a.md',
  line: 2,
  column: 3,
  severity: 'error',
  code: 'parse/x',
  message: 'Cannot parse',
} as const
const sound: Channel = { name: 'dev', branch: null, diagnostics: [], status: 'stale', release, pointer: null }
const broken: Channel = { ...sound, diagnostics: [problem] }

function opened() {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const log = openLog({ stdout, stderr, root: 'content', colours: false, requests: true })
  return { log, out: () => String(stdout.read() ?? ''), err: () => String(stderr.read() ?? '') }
}

test('openLog() tells findings once, with a code frame, and a channel only when its line changes', () => {
  const { log, out, err } = opened()
  const tree = { files: [{ path: 'a.md', bytes: Buffer.from('one\ntwo\n') }], diagnostics: [] }
  log.change({ before: sound, after: broken, tree })
  expect(err()).toMatch(/content\/a\.md:2:3 {2}error {2}parse\/x {2}Cannot parse\n[\s\S]*two/)
  expect(out()).toContain('has errors')
  log.change({ before: broken, after: broken, tree })
  expect([out(), err()]).toEqual(['', ''])
  log.change({ before: undefined, after: sound, tree })
  expect(out()).toBe('')
})

test('openLog() does not say a warning twice in a row', () => {
  const { log, err } = opened()
  for (const sentence of ['a', 'a', 'b', 'a']) log.warn(sentence)
  expect(err()).toBe('warning: a\nwarning: b\nwarning: a\n')
})

test('channelLine() says what a stale channel answers with', () => {
  const pointer = pointerTo(release.id)
  expect(channelLine(sound)).toContain('release abababababab (what is sound)  work tree')
  expect(channelLine({ ...sound, pointer })).toContain('(last good)')
  expect(channelLine({ ...sound, status: 'live', pointer })).toContain('release abababababab  work tree')
})

test('channelLine() writes out what a terminal would hide in a branch name', () => {
  expect(channelLine({ ...sound, branch: 'experiment/\u202Ex' })).toContain('"experiment/<U+202E>x"')
})

const asked = {
  ...{ method: 'GET', path: '/a\u202e', route: '/:file', status: 200, isWhole: true },
  seconds: 0.0012345,
}

test('openLog() tells of a request what is no secret', () => {
  const { log, out } = opened()
  log.access?.(asked)
  expect(out()).toBe('  GET /a<U+202E> 200 1.23 ms\n')
})

test('openJsonLog() writes one object a line, whatever it tells', () => {
  const stdout = new PassThrough()
  const log = openJsonLog({ stdout, now: () => new Date(0) })
  log.warn('one\ntwo')
  log.bug(new Error('three'))
  log.access?.(asked)
  log.change({ before: sound, after: broken, tree: undefined })
  const lines = String(stdout.read()).trimEnd().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as { at: string; type: string })
  expect(entries.map(({ type }) => type)).toEqual(['warning', 'bug', 'request', 'build', 'diagnostics'])
  expect(entries.every(({ at }) => at === '1970-01-01T00:00:00.000Z')).toBe(true)
  expect(entries[2]).toEqual({
    ...{ at: '1970-01-01T00:00:00.000Z', type: 'request', method: 'GET', path: '/a<U+202E>' },
    ...{ route: '/:file', status: 200, isWhole: true, ms: 1.23 },
  })
})
