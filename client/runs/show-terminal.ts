import { resolve } from 'node:path'
import { tasksOf } from '../queue/queue.ts'
import { spentText } from '../report/spent-text.ts'
import { taskRows } from '../report/task-rows.ts'
import { guardLines, lostModelLines, retryLines } from '../report/troubles.ts'
import type { Paint } from '../tui/colour.ts'
import { cut, duration, plainText, shortModel } from '../tui/text.ts'
import { columned } from './columned.ts'
import { gantt } from './gantt.ts'
import { handoffOf } from './handoff-lines.ts'
import type { RunView } from './run-view.ts'
import { begun, LOOKS } from './runs-table.ts'

interface TerminalOptions {
  readonly columns: number
  readonly paint: Paint
}

/** What a person wants to know first comes first. */
export function showTerminal(view: RunView, options: TerminalOptions): string {
  const { timeline, report } = view
  const { events, queue } = report
  const { paint } = options
  const section = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', paint(name, 'bold'), ...lines]
  const troubles = (name: string, lines: readonly string[]) =>
    section(
      name,
      lines.map((line) => cut(`  ${line}`, options.columns)),
    )
  return `${[
    ...head(view, options),
    ...section('Timeline', gantt(timeline, options)),
    ...section('Tasks', tasks(view, options)),
    ...section('Handoffs', handoffs(view, options)),
    ...troubles('Tried again', retryLines(events)),
    ...troubles('Models that could not be had', lostModelLines(events)),
    ...troubles('Refused by a guard', guardLines(events)),
    ...(queue.entries.size === 0 ? ['', 'No tasks were queued'] : []),
  ].join('\n')}\n`
}

function head({ record, summary, report }: RunView, { columns, paint }: TerminalOptions): string[] {
  const { title, queue, limits, verdict } = report
  const [glyph, ...styles] = LOOKS[summary.verdict]
  const spent = spentText({ queue, tokens: summary.tokens, ms: summary.ms, ...(limits ? { limits } : {}) })
  const channel = summary.channel === null ? '' : `, channel ${plainText(summary.channel)}`
  const facts = [
    `${plainText(title.app)} (${title.framework ?? 'no known framework'})`,
    `run ${summary.run}, begun ${begun(summary.startedAt)}`,
    `release ${plainText(title.release).slice(0, 12)}${channel}`,
    `${plainText(title.harness)} (${plainText(title.disclosure)}), ${queue.started?.concurrency ?? 1} at a time`,
    `spent ${spent}`,
  ]
  const first = `${glyph} ${plainText(title.flow)} ${summary.verdict} in ${duration(summary.ms)}`
  return [
    paint(cut(first, columns), 'bold', ...styles),
    ...verdict.reasons.map((reason) => paint(`  ${plainText(reason)}`, ...styles)),
    ...facts.map((line) => cut(`  ${line}`, columns)),
    ...(summary.isResumable
      ? [
          paint(
            `  go on with it: mill resume ${resolve(record.path, '../../..')} ${record.id.slice(-4)}`,
            'cyan',
          ),
        ]
      : []),
  ]
}

function tasks({ report }: RunView, { columns, paint }: TerminalOptions): string[] {
  const rows = taskRows(report.queue, report.events).map(
    ([id = '', type = '', state = '', model = '', ...rest]) => [id, type, state, shortModel(model), ...rest],
  )
  return columned(rows).map((line, index) => {
    const text = cut(`  ${line}`, columns)
    return index === 0 ? paint(text, 'dim') : text
  })
}

/** Each part on one line; `--format markdown` has them whole. */
function handoffs({ record }: RunView, { columns, paint }: TerminalOptions): string[] {
  return [...tasksOf(record.queue)].flatMap((task) => {
    const parts = handoffOf(task)
    if (parts.length === 0) return []
    const name = `  ${task.spec.id} ${plainText(task.spec.type)}`
    return [paint(name, 'cyan'), ...parts.map(([part, text]) => cut(`    ${part}: ${text}`, columns))]
  })
}
