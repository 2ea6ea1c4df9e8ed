import type { RunEvent } from '../../schemas/run-event.ts'
import type { RunLimits } from '../execute/budget.ts'
import { blockedBy, type Queue, type Task, tasksOf } from '../queue/queue.ts'
import { duration, plainText } from '../tui/text.ts'
import type { RunTitle } from '../tui/title.ts'
import type { Responsiveness } from './responsiveness.ts'
import { tokensOf } from './spending.ts'
import { spentText } from './spent-text.ts'
import { taskRows } from './task-rows.ts'
import { taskTable } from './task-table.ts'
import { guardLines, lostModelLines, retryLines, uncountedLines } from './troubles.ts'

export interface ReportOptions {
  readonly title: RunTitle
  readonly queue: Queue
  /** All that is in the journal, in order. */
  readonly events: readonly RunEvent[]
  readonly verdict: { readonly verdict: string; readonly reasons: readonly string[] }
  readonly limits?: RunLimits
  readonly responsiveness: Responsiveness
}

/** The run as Markdown, for the person whose app it was; on a terminal of so many columns no line of its table wraps. */
export function reportOf(options: ReportOptions, columns = Infinity): string {
  const { title, verdict, queue, events } = options
  const tasks = [...tasksOf(queue)]
  const parts = [
    `# ${title.flow}: ${verdict.verdict}`,
    list(verdict.reasons.map(plainText)),
    heading(options),
    section('Done', list(tasks.filter(isDone).map((task) => named(task)))),
    section(
      'Not needed',
      list(tasks.filter(isNotNeeded).map((task) => `${named(task)}: ${whyNot(queue, task)}`)),
    ),
    section(
      'Not done',
      list(
        tasks
          .filter((task) => !isDone(task) && !isNotNeeded(task))
          .map((task) => `${named(task)}: ${whyNot(queue, task)}`),
      ),
    ),
    section('Tasks', taskTable(taskRows(queue, events), columns)),
    ...tasks.map(ownSection),
    section('Tried again', list(retryLines(events))),
    section('Models that could not be had', list(lostModelLines(events))),
    section('Used, but not counted', list(uncountedLines(events))),
    section('Refused by a guard', list(guardLines(events))),
    section('Responsiveness', responsivenessLines(options.responsiveness)),
  ]
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** How the wait felt, a figure a line. */
function responsivenessLines(figures: Responsiveness): string {
  const shown = (ms: number | null): string => (ms === null ? 'none' : duration(ms))
  return list([
    `Time to first task: ${shown(figures.firstTask)}`,
    `Time to first completion: ${shown(figures.firstCompletion)}`,
    `Longest silence: ${shown(figures.longestSilence)}`,
    `Total: ${shown(figures.total)}`,
  ])
}

function heading({ title, queue, events, limits, responsiveness }: ReportOptions): string {
  const { channel, sequence = 'orchestrator', decidedWhy } = queue.started ?? {}
  return list([
    `App: ${plainText(title.app)} (${title.framework ?? 'no framework detected'})`,
    `Run: ${queue.started?.run ?? 'not started'}`,
    `Content: release ${title.release}${channel ? `, channel ${channel}` : ''}`,
    `Harness: ${title.harness} (${plainText(title.disclosure)})`,
    `Sequence: ${sequence}${decidedWhy ? ` (${plainText(decidedWhy)})` : ''}`,
    `Spent: ${spentText({ queue, tokens: tokensOf(events), ms: responsiveness.total, ...(limits ? { limits } : {}) })}`,
  ])
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n')
}

function section(name: string, body: string): string {
  return body === '' ? '' : `## ${name}\n\n${body}`
}

function isDone({ state }: Task): boolean {
  return state.status === 'done'
}

function isNotNeeded({ state }: Task): boolean {
  return state.status === 'not-needed'
}

function named({ spec }: Task): string {
  return `${spec.id} ${spec.type}: ${plainText(spec.label)}`
}

function whyNot(queue: Queue, { spec, state }: Task): string {
  const cause = blockedBy(queue, spec.id)
  if (cause !== null) return `blocked, since ${cause} will never be done`
  switch (state.status) {
    case 'not-needed':
      return plainText(state.reason)
    case 'cancelled':
      return `cancelled, ${plainText(state.reason)}`
    case 'failed':
      return `failed (${state.failure.kind}), ${plainText(state.failure.message)}`
    default:
      return 'has not run'
  }
}

/** What the task's agent wrote for the report, line by line, so that nothing in it can move the cursor. */
function ownSection({ spec, state }: Task): string {
  const text = 'handoff' in state ? state.handoff?.reportSection : undefined
  if (text === undefined) return ''
  const lines = text.split('\n').map((line) => (/^\s*$/.test(line) ? '' : indentOf(line) + plainText(line)))
  return section(`${spec.type}: ${plainText(spec.label)}`, lines.join('\n'))
}

function indentOf(line: string): string {
  return /^ */.exec(line)?.[0] ?? ''
}
