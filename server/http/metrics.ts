import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Exposure } from '../../schemas/experiments.ts'
import type { ChannelChange } from '../channels/board.ts'
import { type Channel, publishedBy } from '../channels/channel.ts'
import { UNPUBLISHED } from '../channels/rebuild.ts'
import type { Build } from '../source/telling-builds.ts'
import type { Access } from './access.ts'
import { changeEvents } from './events/change-events.ts'
import type { Traffic } from './traffic.ts'

/** Figures of the server, in the words of Prometheus. */
export interface Metrics {
  readonly access: (access: Access) => void
  readonly change: (change: ChannelChange) => void
  readonly built: (build: Build) => void
  readonly contentType: string
  readonly text: (now: MetricSources) => Promise<string>
}

/** What need not be counted, since it can be looked up. */
export interface MetricSources {
  readonly channels: readonly Channel[]
  readonly exposures: readonly Exposure[]
  readonly streams: number
  readonly traffic: ReturnType<Traffic['now']>
}

const METHODS = new Set(['GET', 'HEAD'])
const SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10]

/**
 * Figures of one server. Labels are bounded: a route stands for its paths, `other` for every method that is refused,
 * and a channel is named only while it exists.
 */
export function openMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'mill_http_request_seconds',
    help: 'Requests, and how long they took; status 0 was cut off',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  const builds = new Histogram({
    name: 'mill_build_seconds',
    help: 'Builds of trees, and how long they took; what a tree is read and published in is not counted',
    labelNames: ['of'],
    buckets: SECONDS,
    registers: [registry],
  })
  const tallies = new Map<string, Tally>()
  const figures = FIGURES.map((figure) => ({ figure, metric: metricOf(figure, registry) }))
  return {
    access: ({ route, method, status, isWhole, seconds }) => {
      const labels = { route, method: METHODS.has(method) ? method : 'other', status: isWhole ? status : 0 }
      requests.observe(labels, seconds)
    },
    change: (change) => {
      const { name, diagnostics } = change.after
      const { builds, publishes, failures } = tallies.get(name) ?? NOTHING
      const isPublished = changeEvents(change).some(({ type }) => type === 'publish')
      const isFailed = diagnostics.some(({ code }) => code === UNPUBLISHED)
      tallies.set(name, {
        builds: builds + 1,
        publishes: publishes + Number(isPublished),
        failures: failures + Number(isFailed),
      })
    },
    built: ({ of, seconds }) => builds.observe({ of }, seconds),
    contentType: registry.contentType,
    text: async (now) => {
      const existing = new Set(now.channels.map(({ name }) => name))
      for (const name of tallies.keys()) if (!existing.has(name)) tallies.delete(name)
      for (const { figure, metric } of figures) {
        metric.reset()
        for (const { value, labels } of figure.read({ ...now, tallies })) metric.inc(labels, value)
      }
      const text = await registry.metrics()
      // The library writes what is no number in a way that the format does not know.
      return text.replace(/ Nan$/gm, ' NaN')
    },
  }
}

/** What one channel has gone through. */
interface Tally {
  readonly builds: number
  readonly publishes: number
  readonly failures: number
}

const NOTHING: Tally = { builds: 0, publishes: 0, failures: 0 }

interface Figure {
  readonly name: string
  readonly help: string
  readonly labels: readonly string[]
  readonly read: (now: MetricSources & { readonly tallies: ReadonlyMap<string, Tally> }) => Reading[]
}

interface Reading {
  readonly value: number
  readonly labels: Readonly<Record<string, string>>
}

const bare = (value: number): Reading[] => [{ value, labels: {} }]

function perChannel(of: (channel: Channel, tally: Tally) => number | undefined): Figure['read'] {
  return ({ channels, tallies }) =>
    channels.flatMap((channel) => {
      const value = of(channel, tallies.get(channel.name) ?? NOTHING)
      return value === undefined ? [] : [{ value, labels: { channel: channel.name } }]
    })
}

const FIGURES: readonly Figure[] = [
  {
    name: 'mill_http_connections',
    help: 'Open connections',
    labels: [],
    read: ({ traffic }) => bare(traffic.open),
  },
  {
    name: 'mill_http_connections_total',
    help: 'Accepted connections',
    labels: [],
    read: ({ traffic }) => bare(traffic.accepted),
  },
  {
    name: 'mill_http_sent_bytes_total',
    help: 'Bytes sent, heads included',
    labels: [],
    read: ({ traffic }) => bare(traffic.sentBytes),
  },
  {
    name: 'mill_event_streams',
    help: 'Clients that listen to /events',
    labels: [],
    read: ({ streams }) => bare(streams),
  },
  {
    name: 'mill_builds_total',
    help: 'Times a channel was brought up to date',
    labels: ['channel'],
    read: perChannel((_, { builds }) => builds),
  },
  {
    name: 'mill_publishes_total',
    help: 'Times a channel began to answer with another release',
    labels: ['channel'],
    read: perChannel((_, { publishes }) => publishes),
  },
  {
    name: 'mill_publish_failures_total',
    help: 'Releases that the store could not take',
    labels: ['channel'],
    read: perChannel((_, { failures }) => failures),
  },
  {
    name: 'mill_channel_serial',
    help: 'Serial a channel answers with',
    labels: ['channel'],
    read: perChannel((channel) => publishedBy(channel)?.pointer.serial),
  },
  {
    name: 'mill_channel_findings',
    help: 'Findings of the last build',
    labels: ['channel'],
    read: perChannel(({ diagnostics }) => diagnostics.length),
  },
  {
    name: 'mill_channel_status',
    help: '1 for the status that a channel is in',
    labels: ['channel', 'status'],
    read: ({ channels }) =>
      channels.map(({ name, status }) => ({ value: 1, labels: { channel: name, status } })),
  },
  {
    name: 'mill_experiment_exposures_total',
    help: 'Times a channel was given to a unit',
    labels: ['experiment', 'channel', 'reason'],
    read: ({ exposures }) => exposures.map(({ count, ...labels }) => ({ value: count, labels })),
  },
]

function metricOf({ name, help, labels }: Figure, registry: Registry): Counter | Gauge {
  const configuration = { name, help, labelNames: [...labels], registers: [registry] }
  return name.endsWith('_total') ? new Counter(configuration) : new Gauge(configuration)
}
