import { columned } from '../runs/columned.ts'
import type { Paint } from '../tui/colour.ts'
import { plainText, wrapped } from '../tui/text.ts'
import type { FlowComparison, Pair } from './comparison.ts'
import { MEASURES } from './measured-run.ts'
import { finding, MEASURE_NAMES, METHOD, pairName, success, summary } from './wording.ts'

/** Rows of a table, the first its head: a measure a row, a group a column. */
function groupRows({ groups }: FlowComparison): string[][] {
  return [
    ['', ...groups.map(({ name }) => plainText(name))],
    ['runs', ...groups.map(({ runs }) => String(runs.length))],
    ['success', ...groups.map(success)],
    ...MEASURE_NAMES.map((name) => {
      const { title, unit } = MEASURES[name]
      return [title, ...groups.map(({ measures, runs }) => summary(measures[name], unit, runs.length))]
    }),
  ]
}

/** The same of two groups: a measure a row, and what is said of it; one row where the same is said of all. */
function pairRows({ success: ofSuccess, measures }: Pair): string[][] {
  const rows = [
    ['success', finding(ofSuccess, 'share')],
    ...MEASURE_NAMES.map((name) => [MEASURES[name].title, finding(measures[name], MEASURES[name].unit)]),
  ]
  const [first = '', ...others] = new Set(rows.map(([, said = '']) => said))
  return others.length === 0 ? [['all of it', first]] : rows
}

interface TableOptions {
  readonly paint: Paint
  readonly columns: number
}

/** For a terminal. */
export function asTable(flows: readonly FlowComparison[], { paint, columns }: TableOptions): string {
  const parts = flows.flatMap((flow) => [
    paint(plainText(flow.flow), 'bold'),
    columned(groupRows(flow)).join('\n'),
    ...flow.pairs.map((pair) =>
      [paint(plainText(pairName(pair)), 'bold'), ...columned(pairRows(pair))].join('\n'),
    ),
    ...flow.warnings.map((warning) => paint(plainText(warning), 'yellow')),
  ])
  return `${[...parts, paint(METHOD.flatMap((line) => wrapped(line, columns)).join('\n'), 'dim')].join('\n\n')}\n`
}

/** For a pull request or a page. */
export function asMarkdown(flows: readonly FlowComparison[]): string {
  const parts = flows.flatMap((flow) => [
    `## ${plainText(flow.flow)}`,
    table(groupRows(flow)),
    ...flow.pairs.flatMap((pair) => [
      `### ${cell(pairName(pair))}`,
      table([['', 'difference'], ...pairRows(pair)]),
    ]),
    ...flow.warnings.map((warning) => `> ${cell(warning)}`),
  ])
  return `${[...parts, METHOD.map((line) => `- ${line}`).join('\n')].join('\n\n')}\n`
}

function table([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n')
}

/** Names come from channels and branches, so nothing in them is markup. */
function cell(text: string): string {
  return plainText(text).replace(/[\\|`*_[\]<>]/g, (mark) => `\\${mark}`)
}
