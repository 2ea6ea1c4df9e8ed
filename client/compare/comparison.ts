import type { Sequence } from '../../schemas/run-event.ts'
import { MEASURES, type MeasuredRun, type MeasureName } from './measured-run.ts'
import {
  type Difference,
  type Interval,
  medianInterval,
  medianOf,
  shareDifference,
  shareInterval,
  shift,
} from './statistics.ts'

/** Runs of one flow that were carried out in the same way, on the same channel. */
export interface Group {
  readonly name: string
  readonly sequence: Sequence
  readonly channel: string
  readonly runs: readonly MeasuredRun[]
  readonly success: { readonly hits: number; readonly n: number } & Interval
  readonly measures: Readonly<Record<MeasureName, Summary>>
}

export interface Summary {
  /** Runs that have the figure. */
  readonly n: number
  readonly median: number | null
  /** Null when there are too few runs. */
  readonly interval: Interval | null
}

/** Two groups that differ in one thing. */
export interface Pair {
  readonly first: string
  readonly second: string
  readonly success: Finding
  readonly measures: Readonly<Record<MeasureName, Finding>>
}

/** How the second differs from the first. */
export type Finding =
  | { readonly says: 'too few runs' | 'unknown' }
  | ({ readonly says: 'less' | 'more' | 'no difference shown' } & Difference)

export interface FlowComparison {
  readonly flow: string
  /** What is to be compared with comes first. */
  readonly groups: readonly Group[]
  readonly pairs: readonly Pair[]
  /** Why a difference may come from something else. */
  readonly warnings: readonly string[]
}

/** Below this nothing is said of how often runs succeed. */
const FEWEST = 4

/** Groups runs by flow, sequence and channel, and compares what differs in one of the last two; `channels` tells their order. */
export function compared(runs: readonly MeasuredRun[], channels: readonly string[] = []): FlowComparison[] {
  const byFlow = Map.groupBy(runs, ({ flow }) => flow)
  return [...byFlow.keys()].sort().map((flow) => comparedFlow(flow, byFlow.get(flow) ?? [], channels))
}

function comparedFlow(
  flow: string,
  runs: readonly MeasuredRun[],
  channels: readonly string[],
): FlowComparison {
  const order = channels.length > 0 ? channels : ['main']
  const rank = ({ channel }: Group): number =>
    order.includes(channel) ? order.indexOf(channel) : order.length
  const several = new Set(runs.map(channelOf)).size > 1
  const groups = [...Map.groupBy(runs, (run) => `${run.sequence} ${channelOf(run)}`).values()]
    .map((them) => groupOf(them, several))
    .sort(
      (a, b) =>
        a.sequence.localeCompare(b.sequence) || rank(a) - rank(b) || a.channel.localeCompare(b.channel),
    )
  return { flow, groups, pairs: pairsOf(groups), warnings: warningsOf(runs) }
}

/** A channel that no server told of is named for what it served. */
function channelOf({ channel, release }: MeasuredRun): string {
  return channel ?? `release ${release.slice(0, 12)}`
}

function groupOf(runs: readonly MeasuredRun[], several: boolean): Group {
  const [one] = runs
  const sequence = one?.sequence ?? 'orchestrator'
  const channel = one ? channelOf(one) : ''
  const hits = runs.filter(({ succeeded }) => succeeded).length
  return {
    name: several ? `${sequence} · ${channel}` : sequence,
    ...{ sequence, channel, runs },
    success: { hits, n: runs.length, ...shareInterval(hits, runs.length) },
    measures: eachMeasure((name) => summaryOf(runs, name)),
  }
}

function eachMeasure<T>(of: (name: MeasureName) => T): Record<MeasureName, T> {
  const names = Object.keys(MEASURES) as MeasureName[]
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<MeasureName, T>
}

/** What some runs cost says nothing of what all did: one that is unknown makes the sum of the group unknown. */
function valuesOf(runs: readonly MeasuredRun[], name: MeasureName): readonly number[] {
  const values = runs.flatMap(({ figures }) => figures[name] ?? [])
  return name === 'usd' && values.length < runs.length ? [] : values
}

function summaryOf(runs: readonly MeasuredRun[], name: MeasureName): Summary {
  const values = valuesOf(runs, name)
  return { n: values.length, median: medianOf(values), interval: medianInterval(values) }
}

/** Linear is compared with the orchestrator on each channel, and the first channel with each other one in each sequence. */
function pairsOf(groups: readonly Group[]): Pair[] {
  const pairs: Pair[] = []
  for (const [at, first] of groups.entries()) {
    const isControl = !groups.slice(0, at).some(({ sequence }) => sequence === first.sequence)
    for (const second of groups.slice(at + 1)) {
      const isOtherSequence = first.channel === second.channel
      const isOtherChannel = isControl && first.sequence === second.sequence
      if (isOtherSequence || isOtherChannel) pairs.push(pairOf(first, second))
    }
  }
  return pairs
}

function pairOf(first: Group, second: Group): Pair {
  const isEnough = first.success.n >= FEWEST && second.success.n >= FEWEST
  return {
    first: first.name,
    second: second.name,
    success: isEnough ? said(shareDifference(first.success, second.success)) : { says: 'too few runs' },
    measures: eachMeasure((name) => {
      const [a, b] = [valuesOf(first.runs, name), valuesOf(second.runs, name)]
      if (a.length === 0 || b.length === 0) return { says: 'unknown' }
      const difference = shift(a, b)
      return difference ? said(difference) : { says: 'too few runs' }
    }),
  }
}

/** A difference is one when nothing on the other side of zero could be it. */
function said(difference: Difference): Finding {
  if (difference.low > 0) return { says: 'more', ...difference }
  if (difference.high < 0) return { says: 'less', ...difference }
  return { says: 'no difference shown', ...difference }
}

function warningsOf(runs: readonly MeasuredRun[]): string[] {
  const mixed = (what: string, of: (run: MeasuredRun) => string): string[] => {
    const counts = [...Map.groupBy(runs, of)].map(([name, them]) => `${name} (${them.length})`)
    return counts.length > 1 ? [`Not all runs had the same ${what}: ${counts.sort().join(', ')}`] : []
  }
  const releases = [...Map.groupBy(runs, channelOf)].flatMap(([channel, them]) => {
    const count = new Set(them.map(({ release }) => release)).size
    return count > 1 ? [`"${channel}" had ${count} releases`] : []
  })
  return [
    ...mixed('harness', ({ harness }) => harness),
    ...mixed('framework', ({ framework }) => framework ?? 'none'),
    ...mixed('concurrency', ({ concurrency }) => `${concurrency}`).slice(0, runs.some(isTasks) ? 1 : 0),
    ...releases.sort(),
  ]
}

function isTasks({ sequence }: MeasuredRun): boolean {
  return sequence === 'orchestrator'
}
