import { describe, expect, test } from 'vitest'
import type { Channel } from '../../../server/channels/channel.ts'
import { openMetrics } from '../../../server/http/metrics.ts'
import { emptyRelease } from '../empty-release.ts'
import { pointerTo } from '../pointer-to.ts'
import { contentFolder } from '../scratch.ts'
import { running } from '../serving.ts'
import { readExposition } from './exposition.ts'

const histogram = (...buckets: readonly string[]) =>
  [
    '# HELP h H',
    '# TYPE h histogram',
    ...buckets.map((one) => `h_bucket${one}`),
    'h_sum 3',
    'h_count 2',
    '',
  ].join('\n')

describe('readExposition()', () => {
  test.each([
    ['a sample without HELP and TYPE', 'a 1\n'],
    ['a TYPE without HELP', '# TYPE a gauge\na 1\n'],
    ['a second TYPE', '# HELP a A\n# TYPE a gauge\na 1\n# TYPE a gauge\n'],
    ['no such type', '# HELP a A\n# TYPE a gage\na 1\n'],
    ['a sample of another family', '# HELP a A\n# TYPE a gauge\nb 1\n'],
    ['a family in two parts', '# HELP a A\n# TYPE a gauge\n# HELP b B\n# TYPE b gauge\na 1\n'],
    ['a series twice', '# HELP a A\n# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n'],
    ['a label twice', '# HELP a A\n# TYPE a gauge\na{x="1",x="2"} 1\n'],
    ['a quote that is not escaped', '# HELP a A\n# TYPE a gauge\na{x="1"2"} 1\n'],
    ['an escape that is none', '# HELP a A\n# TYPE a gauge\na{x="\\q"} 1\n'],
    ['no number', '# HELP a A\n# TYPE a gauge\na one\n'],
    ['a counter below zero', '# HELP a A\n# TYPE a counter\na -1\n'],
    ['a last line that does not end', '# HELP a A\n# TYPE a gauge\na 1'],
    ['buckets that shrink', histogram('{le="1"} 2', '{le="2"} 1', '{le="+Inf"} 2')],
    ['no last bucket', histogram('{le="1"} 2')],
    ['a last bucket that is not all', histogram('{le="1"} 1', '{le="+Inf"} 1')],
    ['buckets out of order', histogram('{le="2"} 1', '{le="1"} 1', '{le="+Inf"} 2')],
  ])('refuses %s', (_, text) => {
    expect(() => readExposition(text)).toThrow()
  })

  test('reads what is right, with what its escapes stand for', () => {
    const text = '# HELP a A\\nB\n# TYPE a gauge\na{x="q\\"\\\\\\n"} -1.5e3\na +Inf\n'
    expect(readExposition(text).get('a')?.samples).toEqual([
      { name: 'a', labels: { x: 'q"\\\n' }, value: -1500 },
      { name: 'a', labels: {}, value: Number.POSITIVE_INFINITY },
    ])
    expect(readExposition(histogram('{le="1"} 1', '{le="+Inf"} 2')).get('h')?.samples).toHaveLength(4)
  })
})

describe('openMetrics() as another reader has it', () => {
  test('counts every request in its buckets, and no label breaks a line', async () => {
    const metrics = openMetrics()
    const hostile = 'a"b\\c\nd{e="f"} 1'
    const seconds = [0, 0.001, 0.0011, 0.4, 9, 10, 11, 1e6]
    for (const [at, took] of seconds.entries()) {
      const route = at % 2 === 0 ? '/:file' : hostile
      metrics.access({ method: 'GET', path: '/', route, status: 200, isWhole: true, seconds: took })
      metrics.built({ of: 'branch', seconds: took })
    }
    const release = emptyRelease('ab'.repeat(32))
    const pointer = pointerTo(release.id, { serial: 7 })
    const channel: Channel = {
      name: hostile,
      branch: null,
      diagnostics: [],
      status: 'live',
      release,
      pointer,
    }
    const now = { channels: [channel], exposures: [], streams: 0 }
    const families = readExposition(
      await metrics.text({ ...now, traffic: { open: 0, accepted: 0, sentBytes: 0 } }),
    )
    const count = (name: string, more: Readonly<Record<string, string>>) =>
      families
        .get(name.replace(/_count$/, ''))
        ?.samples.find(
          (sample) =>
            sample.name === name &&
            Object.entries(more).every(([key, value]) => sample.labels[key] === value),
        )?.value
    expect(count('mill_http_request_seconds_count', { route: hostile })).toBe(4)
    expect(count('mill_build_seconds_count', { of: 'branch' })).toBe(8)
    expect(count('mill_channel_serial', { channel: hostile })).toBe(7)
    expect(families.get('mill_builds_total')?.type).toBe('counter')
  })

  test('/metrics of a server is right from the first request on, and says which format it is', async () => {
    const server = await running(contentFolder())
    for (const path of ['/', '/agent-menu.json', '/no/such/thing', '/channels']) await server.get(path)
    for (let round = 0; round < 3; round += 1) {
      const reply = await server.get('/metrics')
      expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
      const families = readExposition(await reply.text())
      expect(families.get('mill_http_request_seconds')?.samples.length).toBeGreaterThan(0)
      expect(families.get('mill_channel_status')?.samples).toHaveLength(1)
    }
  })
})
