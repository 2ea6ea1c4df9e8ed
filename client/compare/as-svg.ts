import { escaped } from '../runs/gantt-svg.ts'
import { cut, plainText } from '../tui/text.ts'
import type { Told } from './as-json.ts'
import type { FlowComparison, Group } from './comparison.ts'
import { MEASURES, type MeasuredRun, type MeasureName } from './measured-run.ts'
import { figure, MEASURE_NAMES, success, summary } from './wording.ts'

/** Measures in pixels. */
const WIDTH = 980
const MARGIN = 24
const PLOT = 340
const PLOT_WIDTH = 330
const VALUES = PLOT + PLOT_WIDTH + 22
const LANE = 24
const HEAD = 30
const NAME_LETTERS = 42
const COLOURS = 6

/** One line of a chart: what stands for each run, for all of them, and in words. */
interface Lane {
  readonly name: string
  readonly colour: number
  /** From 0 to 1, as everything here. */
  readonly dots: readonly { readonly at: number; readonly isFailed: boolean }[]
  readonly middle: number | null
  readonly interval: { readonly low: number; readonly high: number } | null
  readonly words: string
}

interface Chart {
  readonly title: string
  /** What stands at the right end of the scale; it begins with 0. */
  readonly most: string
  readonly lanes: readonly Lane[]
}

/** The comparison as a picture that needs nothing beside it and can be read on light and on dark ground. */
export function asSvg({ experiment, flows }: Told): string {
  const parts: string[] = []
  let y = MARGIN
  for (const flow of flows) {
    const title = experiment === null ? flow.flow : `${flow.flow}, experiment ${experiment}`
    parts.push(label(MARGIN, y + 14, { words: title, name: 'title' }))
    y += 30
    for (const chart of chartsOf(flow)) {
      parts.push(...drawn(chart, y))
      y += HEAD + chart.lanes.length * LANE + 8
    }
    y += MARGIN
  }
  parts.push(legend(y))
  const height = y + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${escaped(`Comparison of ${flows.map(({ flow }) => flow).join(', ')}`)}</title>`,
    STYLE,
    `<rect class="ground" width="${WIDTH}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

function chartsOf({ groups }: FlowComparison): Chart[] {
  const ofSuccess: Chart = {
    title: 'success',
    most: '100 %',
    lanes: groups.map((group, colour) => {
      const { hits, n, low, high } = group.success
      return {
        name: group.name,
        colour,
        dots: [],
        middle: hits / n,
        interval: { low, high },
        words: success(group),
      }
    }),
  }
  return [ofSuccess, ...MEASURE_NAMES.map((name) => chartOf(groups, name))]
}

function chartOf(groups: readonly Group[], name: MeasureName): Chart {
  const { title, unit } = MEASURES[name]
  const values = groups.flatMap(({ runs }) => runs.flatMap((run) => run.figures[name] ?? []))
  const most = values.reduce((largest, value) => Math.max(largest, value), 0)
  const scaled = (value: number): number => (most === 0 ? 0 : value / most)
  return {
    title,
    most: most === 0 ? '' : figure(most, unit),
    lanes: groups.map(({ name: group, runs, measures }, colour) => {
      const { median, interval } = measures[name]
      return {
        ...{ name: group, colour, dots: runs.flatMap((run) => dotOf(run, name, scaled)) },
        middle: median === null ? null : scaled(median),
        interval: interval && { low: scaled(interval.low), high: scaled(interval.high) },
        words: summary(measures[name], unit, runs.length),
      }
    }),
  }
}

function dotOf({ figures, succeeded }: MeasuredRun, name: MeasureName, scaled: (value: number) => number) {
  const value = figures[name]
  return value === null ? [] : [{ at: scaled(value), isFailed: !succeeded }]
}

function drawn({ title, most, lanes }: Chart, y: number): string[] {
  const bottom = y + HEAD + lanes.length * LANE
  return [
    label(MARGIN, y + 20, { words: title, name: 'measure' }),
    label(PLOT, y + 20, { words: '0', name: 'quiet middle' }),
    label(PLOT + PLOT_WIDTH, y + 20, { words: most, name: 'quiet middle' }),
    ...[0, 0.25, 0.5, 0.75, 1].map((part) => {
      const x = PLOT + part * PLOT_WIDTH
      return `<line class="tick" x1="${x}" x2="${x}" y1="${y + HEAD - 4}" y2="${bottom}"/>`
    }),
    ...lanes.flatMap((lane, index) => laneOf(lane, y + HEAD + index * LANE + LANE / 2)),
  ]
}

function laneOf({ name, colour, dots, middle, interval, words }: Lane, y: number): string[] {
  const x = (part: number): number => Math.round((PLOT + part * PLOT_WIDTH) * 10) / 10
  const of = `c${colour % COLOURS}`
  return [
    label(MARGIN, y + 4, { words: cut(plainText(name), NAME_LETTERS), name: 'name' }),
    ...(interval
      ? [
          `<rect class="${of} range" x="${x(interval.low)}" y="${y - 7}" width="${Math.max(2, x(interval.high) - x(interval.low))}" height="14" rx="4"/>`,
        ]
      : []),
    ...dots.map(
      ({ at, isFailed }) =>
        `<circle class="${isFailed ? `o${of}` : of} dot" cx="${x(at)}" cy="${y}" r="3.5"/>`,
    ),
    ...(middle === null
      ? []
      : [`<rect class="${of}" x="${x(middle) - 1.5}" y="${y - 9}" width="3" height="18" rx="1.5"/>`]),
    label(VALUES, y + 4, { words, name: 'value' }),
  ]
}

function legend(y: number): string {
  const words =
    'bar: median or share · band: its 95 % interval · dot: a run, hollow when it failed · less is better, but for success'
  return label(MARGIN, y, { words, name: 'quiet' })
}

interface Words {
  readonly words: string
  readonly name: string
}

function label(x: number, y: number, { words, name }: Words): string {
  return `<text class="${name}" x="${x}" y="${y}">${escaped(words)}</text>`
}

const LIGHT = ['#0969da', '#bc4c00', '#1a7f37', '#8250df', '#bf3989', '#57606a']
const DARK = ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff', '#ff7bac', '#8b949e']

function coloursOf(colours: readonly string[]): string {
  return colours
    .map(
      (colour, index) =>
        `.c${index} { fill: ${colour} } .oc${index} { fill: none; stroke: ${colour}; stroke-width: 1.5 }`,
    )
    .join('\n')
}

const STYLE = `<style>
text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #24292f }
.title { font-size: 16px; font-weight: 600 } .measure { font-weight: 600 } .middle { text-anchor: middle }
.quiet { font-size: 11px; fill: #656d76 } .ground { fill: #ffffff } .tick { stroke: #d8dee4 }
.range { fill-opacity: .22 } .dot { fill-opacity: .5; stroke-opacity: .8 }
${coloursOf(LIGHT)}
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .quiet { fill: #8d96a0 } .ground { fill: #0d1117 } .tick { stroke: #30363d }
${coloursOf(DARK)}
}
</style>`
