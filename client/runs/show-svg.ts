import { spentText } from '../report/spent-text.ts'
import { duration } from '../tui/text.ts'
import { ganttSvg } from './gantt-svg.ts'
import type { RunView } from './run-view.ts'
import { begun } from './runs-table.ts'

/** The timeline as a picture. */
export function showSvg({ summary, timeline, report }: RunView): string {
  const { title, queue, limits } = report
  const spent = spentText({ queue, tokens: summary.tokens, ms: summary.ms, ...(limits ? { limits } : {}) })
  return ganttSvg(timeline, {
    title: `${title.flow} on ${title.app}: ${summary.verdict} in ${duration(summary.ms)}`,
    subtitle: `run ${summary.run}, ${begun(summary.startedAt)}, ${title.harness}, ${spent}`,
  })
}
