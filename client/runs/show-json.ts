import { dependenciesOf, tasksOf } from '../queue/queue.ts'
import { spendingOf } from '../report/spending.ts'
import { standingOf } from '../tui/standing.ts'
import type { RunView } from './run-view.ts'

/** Everything, for programs; times are milliseconds. */
export function showJson({ record, summary, timeline, report }: RunView): string {
  const { queue, events } = record
  const spent = spendingOf(report.events)
  const tasks = [...tasksOf(queue)].map(({ spec, state }) => {
    const { id, type, label, inputs, enqueuedBy, optional } = spec
    const { standing, reason } = standingOf(queue, id) ?? {}
    return {
      ...{ id, type, label, dependsOn: dependenciesOf(queue, id), inputs, enqueuedBy, optional },
      ...{ standing, reason, attempts: state.attempts },
      model: 'model' in state ? state.model : null,
      spent: spent.get(id) ?? null,
      handoff: 'handoff' in state ? (state.handoff ?? null) : null,
    }
  })
  const guards = events.flatMap((event) => (event.e === 'guard-tripped' ? [event] : []))
  const shown = {
    ...summary,
    folder: record.path,
    reasons: report.verdict.reasons,
    options: record.options,
    responsiveness: report.responsiveness,
    planning: spent.get('seed') ?? null,
    ...{ tasks, guards, timeline },
  }
  return `${JSON.stringify(shown, null, 2)}\n`
}
