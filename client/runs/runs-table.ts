import { moneyText, tokensText } from '../report/spent-text.ts'
import type { Paint, Style } from '../tui/colour.ts'
import { cut, duration, plainText } from '../tui/text.ts'
import { columned } from './columned.ts'
import type { RunSummary } from './run-record.ts'

/** How a verdict looks. */
export const LOOKS: Readonly<Record<RunSummary['verdict'], readonly [glyph: string, ...styles: Style[]]>> = {
  succeeded: ['✓', 'green'],
  failed: ['✗', 'red'],
  cancelled: ['✗', 'yellow'],
  running: ['▸', 'cyan'],
  interrupted: ['↻', 'yellow'],
  damaged: ['!', 'red'],
}

interface TableOptions {
  readonly columns: number
  readonly paint: Paint
}

/** The runs, a line each. */
export function runsTable(runs: readonly RunSummary[], { columns, paint }: TableOptions): string[] {
  const head = ['run', '', 'flow', 'release', 'begun', 'took', 'tasks', 'tokens', 'cost']
  const [first = '', ...lines] = columned([
    head,
    ...runs.map((run) => [
      run.run,
      `${LOOKS[run.verdict][0]} ${run.verdict}${run.isResumable ? ', resumable' : ''}`,
      plainText(run.flow),
      plainText(run.release).slice(0, 8),
      begun(run.startedAt),
      duration(run.ms),
      tasksText(run),
      tokensText(run.tokens),
      costText(run),
    ]),
  ])
  return [
    paint(cut(first, columns), 'bold'),
    ...lines.map((line, index) => {
      const [, ...styles] = LOOKS[runs[index]?.verdict ?? 'damaged']
      return paint(cut(line, columns), ...styles)
    }),
  ]
}

/** What a run cost, in as few words as is honest. */
function costText({ tokens, usd, unpriced }: Pick<RunSummary, 'tokens' | 'usd' | 'unpriced'>): string {
  return tokens === 0 && usd === 0 && unpriced.length === 0 ? 'none' : moneyText(usd, unpriced)
}

/** `2026-11-21 16:04`, in the time of the place. */
export function begun(at: number): string {
  if (at === 0) return ''
  const time = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

function tasksText({ tasks }: RunSummary): string {
  const all = Object.values(tasks).reduce((sum, count) => sum + count, 0)
  const over = tasks.done + tasks['not-needed']
  const bad = tasks.failed + tasks.blocked + tasks.cancelled
  return `${over}/${all}${bad > 0 ? ` (${bad} lost)` : ''}`
}
