import { expect, test } from 'vitest'
import type { Channel } from '../../../server/channels/channel.ts'
import { type MetricSources, openMetrics } from '../../../server/http/metrics.ts'
import { emptyRelease } from '../empty-release.ts'
import { pointerTo } from '../pointer-to.ts'
import { contentFolder, greetPrompt, write } from '../scratch.ts'
import { eventually, running } from '../serving.ts'

const release = emptyRelease('ab'.repeat(32))
const pointer = pointerTo(release.id, { serial: 7 })
const live: Channel = { name: 'dev', branch: null, diagnostics: [], status: 'live', release, pointer }
const unpublished = {
  ...{ path: '', line: 1, column: 1, severity: 'error' as const },
  ...{ code: 'publish/failed' as const, message: 'Cannot publish' },
}
const NOW: MetricSources = {
  channels: [live],
  exposures: [{ experiment: 'e', channel: 'dev', reason: 'assigned', count: 3 }],
  streams: 2,
  traffic: { open: 5, accepted: 9, sentBytes: 1_000 },
}

test('openMetrics() tells what it was told and what can be looked up', async () => {
  const metrics = openMetrics()
  metrics.change({ before: undefined, after: live, tree: undefined })
  metrics.change({
    before: live,
    after: { ...live, status: 'stale', diagnostics: [unpublished] },
    tree: undefined,
  })
  const text = await metrics.text(NOW)
  for (const line of [
    'mill_builds_total{channel="dev"} 2',
    'mill_publishes_total{channel="dev"} 1',
    'mill_publish_failures_total{channel="dev"} 1',
    'mill_channel_serial{channel="dev"} 7',
    'mill_channel_status{channel="dev",status="live"} 1',
    'mill_event_streams 2',
    'mill_http_connections 5',
    'mill_http_sent_bytes_total 1000',
    'mill_experiment_exposures_total{experiment="e",channel="dev",reason="assigned"} 3',
  ]) {
    expect(text).toContain(`${line}\n`)
  }
  expect(text).toContain('process_resident_memory_bytes')
})

test('openMetrics() keeps no label of what is gone or was made up', async () => {
  const metrics = openMetrics()
  for (const method of ['GET', 'BREW', 'X'.repeat(50)]) {
    const asked = { method, path: '/x', route: 'none', status: 405, isWhole: method !== 'GET', seconds: 0.1 }
    metrics.access(asked)
  }
  metrics.change({ before: undefined, after: { ...live, name: 'gone' }, tree: undefined })
  const text = await metrics.text(NOW)
  expect(text).toContain('mill_http_request_seconds_count{route="none",method="other",status="405"} 2')
  expect(text).toContain('mill_http_request_seconds_count{route="none",method="GET",status="0"} 1')
  expect(text).not.toMatch(/BREW|gone/)
})

test('/metrics counts requests by route, and builds, publishes and connections as they happen', async () => {
  const content = contentFolder()
  const server = await running(content, { watch: true })
  const figures = async () => (await server.get('/metrics')).text()
  const value = async (series: string) =>
    Number(new RegExp(`^${series} (.*)$`, 'm').exec(await figures())?.[1])
  const releaseId = (await server.channels()).channels[0]?.pointer?.release
  await server.get(`/v/${releaseId}/agent-menu.json?secret=1`)
  await server.get('/agent-menu.json')
  await server.get('/nothing/at/all')
  const count = (route: string, status: number) =>
    value(`mill_http_request_seconds_count\\{route="${route}",method="GET",status="${status}"\\}`)
  await eventually(
    () => count('/v/:release/:file', 200),
    (seen) => seen === 1,
  )
  await eventually(
    () => count('/:file', 200),
    (seen) => seen === 1,
  )
  await eventually(
    () => count('none', 404),
    (seen) => seen === 1,
  )
  expect(await figures()).not.toContain('secret')
  const before = await value('mill_publishes_total\\{channel="dev"\\}')
  write(content, { 'agents/hello/greet.md': greetPrompt('Anew.') })
  await eventually(
    () => value('mill_publishes_total\\{channel="dev"\\}'),
    (seen) => seen === before + 1,
  )
  expect(await value('mill_channel_serial\\{channel="dev"\\}')).toBe(2)
  const builds = (field: string) => value(`mill_build_seconds_${field}\\{of="work-tree"\\}`)
  expect(await builds('count')).toBe(2)
  expect(await builds('sum')).toBeGreaterThan(0)
  expect(await value('mill_http_connections')).toBeGreaterThan(0)
  expect(await value('mill_http_sent_bytes_total')).toBeGreaterThan(1_000)
})
