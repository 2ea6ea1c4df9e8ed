import { type Task, tasksOf } from '../queue/queue.ts'
import { reportOf } from '../report/report.ts'
import { painter } from '../tui/colour.ts'
import { gantt } from './gantt.ts'
import { handoffOf } from './handoff-lines.ts'
import type { RunView } from './run-view.ts'

/** The report, the timeline and every handoff. */
export function showMarkdown({ report, timeline, record }: RunView): string {
  const bars = gantt(timeline, { columns: 100, paint: painter(false) })
  const handoffs = [...tasksOf(record.queue)].map(handoffSection).filter(Boolean)
  return [
    reportOf(report).trimEnd(),
    `## Timeline\n\n\`\`\`text\n${bars.join('\n')}\n\`\`\``,
    ...(handoffs.length > 0 ? ['## Handoffs', ...handoffs] : []),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function handoffSection(task: Task): string {
  const lines = handoffOf(task).map(([name, text]) => `- ${name}: ${text}`)
  return lines.length === 0 ? '' : `### ${task.spec.id} ${task.spec.type}\n\n${lines.join('\n')}`
}
