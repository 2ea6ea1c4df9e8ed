import type { RunLimits } from '../execute/budget.ts'
import { runnable } from '../queue/queue.ts'
import { chooseTasks } from './choose-tasks.ts'
import { type Paint, painter } from './colour.ts'
import { LOOKS, spinner } from './looks.ts'
import type { Model } from './model.ts'
import { spentLine } from './spent-line.ts'
import { type Standing, type StandingTask, standingOf } from './standing.ts'
import { doingLine, taskLine } from './task-line.ts'
import { cut, displayWidth, duration, plainText, shortModel, toColumns } from './text.ts'
import type { RunTitle } from './title.ts'

export interface ViewOptions {
  readonly columns: number
  readonly rows: number
  readonly colour: boolean
  readonly title: RunTitle
  readonly limits: RunLimits
}

/** On a wider screen the eye would lose the line. */
export const MAX_COLUMNS = 120
/** A screen with fewer rows has none to spare. */
const LOW = 16

type Drawing = ViewOptions & { readonly paint: Paint }

/** The screen as lines, never more than `rows` and never wider than `columns`. */
export function view(model: Model, options: ViewOptions): string[] {
  const columns = Math.min(options.columns, MAX_COLUMNS)
  const drawing = { ...options, columns, paint: painter(options.colour) }
  const gap = options.rows < LOW ? [] : ['']
  const head = [...header(model, drawing), ...gap, planning(model, drawing)]
  const foot = [...gap, ...footer(model, drawing), ...verdict(model, drawing)]
  const tasks = taskLines(model, options.rows - head.length - foot.length, drawing)
  return squeeze([...head, ...tasks, ...foot], options.rows)
}

function header(model: Model, { title, columns, paint }: Drawing): string[] {
  const clock = duration(model.now - model.launchedAt)
  const place = [title.app, title.framework ?? 'no known framework'].map(plainText).join(' · ')
  const flow = cut(plainText(title.flow), columns - clock.length - 1)
  const left = columns - displayWidth(flow) - clock.length - 1
  const first = `${paint(flow, 'bold')}${toColumns(left > 4 ? `  ${place}` : '', left)} ${paint(clock, 'cyan')}`
  const second = `${plainText(title.harness)}: ${plainText(title.disclosure)} · release ${plainText(title.release).slice(0, 12)}`
  return [first, paint(cut(second, columns), 'dim')]
}

function planning(model: Model, { columns, paint }: Drawing): string {
  const { planning, queue } = model
  if (queue.started?.sequence === 'linear') {
    return paint(cut('· one agent does all of it, so nothing is planned', columns), 'dim')
  }
  if (planning.status === 'waiting') {
    const why = planning.lastReason
    return why === null
      ? paint(cut('· planning has not begun', columns), 'dim')
      : paint(cut(`↻ planning will be tried again: ${plainText(why)}`, columns), 'yellow')
  }
  if (planning.status === 'running') {
    const doing = model.doing.get('seed')
    const what = doing === undefined ? '' : `  ${doing.text}`
    const took = duration(model.now - planning.startedAt)
    return paint(
      cut(`${spinner(model.now)} planning with ${shortModel(planning.model)}  ${took}${what}`, columns),
      'cyan',
    )
  }
  if (planning.failure !== null)
    return paint(cut(`✗ planning failed: ${plainText(planning.failure)}`, columns), 'red')
  return paint(cut(`✓ planned in ${duration(planning.ms)}`, columns), 'green')
}

/** What agents do has lines of its own where there is room for them, and else stands in the task's line. */
function taskLines(model: Model, rows: number, { columns, paint }: Drawing): string[] {
  const { queue, doing, running } = model
  const size = queue.entries.size
  const busy = running.filter((id) => doing.has(id)).length
  const isRoomy = busy * 3 <= rows
  const free = rows - (isRoomy ? busy : 0)
  const ids = chooseTasks(model, size > free ? free - 1 : free)
  const options = { columns, paint, now: model.now, idWidth: Math.max(3, `t${size}`.length) }
  const shown = ids.flatMap((id) => standingOf(queue, id) ?? [])
  const lines = shown.flatMap((entry) => {
    const does = doing.get(entry.id)?.text
    if (does === undefined || entry.standing !== 'running') return [taskLine(entry, options)]
    if (!isRoomy) return [taskLine({ ...entry, reason: does }, options)]
    return [taskLine(entry, options), doingLine(does, options)]
  })
  if (ids.length < size) lines.push(paint(cut(`  … ${restOf(model, shown)}`, columns), 'dim'))
  return lines
}

function restOf(model: Model, shown: readonly StandingTask[]): string {
  const rest = new Map(countsOf(model))
  for (const { standing } of shown) {
    // Who is tried again counts as ready.
    const counted = standing === 'retry' ? 'ready' : standing
    rest.set(counted, (rest.get(counted) ?? 0) - 1)
  }
  return `${model.queue.entries.size - shown.length} more: ${counted(rest)}`
}

function footer(model: Model, { columns, paint, limits }: Drawing): string[] {
  const { queue, guards, running } = model
  const latest = standingOf(queue, model.ended[0] ?? '')
  const upcoming: string[] = []
  for (const id of runnable(queue)) {
    if (upcoming.length === 3) break
    upcoming.push(id)
  }
  const news = [
    latest === undefined ? '' : newsOf(latest),
    upcoming.length === 0 ? '' : `next: ${upcoming.map((id) => nameOf(standingOf(queue, id))).join(', ')}`,
  ].filter(Boolean)
  const nothing = running.length > 0 ? 'nothing has finished yet' : 'nothing runs yet'
  const refused = guards === 0 ? '' : ` · ${guards} refused by a guard`
  const counts = queue.entries.size === 0 ? 'no tasks yet' : counted(countsOf(model))
  return [
    cut(news.join(' · ') || nothing, columns),
    cut(`${counts}${refused}`, columns),
    spentLine(model, { limits, columns, paint }),
  ]
}

function verdict({ queue, now, launchedAt }: Model, { columns, paint }: Drawing): string[] {
  if (queue.finished === null) return []
  const { verdict, reasons } = queue.finished
  const look = verdict === 'succeeded' ? LOOKS.done : verdict === 'failed' ? LOOKS.failed : LOOKS.cancelled
  const first = `${look.glyph} ${verdict} in ${duration(now - launchedAt)}`
  return [
    paint(cut(first, columns), ...look.styles),
    ...reasons.slice(0, 3).map((reason) => paint(cut(`  ${plainText(reason)}`, columns), ...look.styles)),
  ]
}

/** How many tasks stand where; who is tried again counts as ready. */
function countsOf({ queue: { counts, ready } }: Model): ReadonlyMap<Standing, number> {
  const { pending, ...others } = counts
  return new Map<Standing, number>([
    ...(Object.entries(others) as [Standing, number][]),
    ['ready', ready.size],
    ['waiting', pending - ready.size],
  ])
}

/** `3 done, 1 running`, in the order a reader cares for. */
function counted(counts: ReadonlyMap<Standing, number>): string {
  const standings = Object.keys(LOOKS) as Standing[]
  return standings
    .flatMap((standing) =>
      (counts.get(standing) ?? 0) > 0 ? [`${counts.get(standing)} ${LOOKS[standing].word}`] : [],
    )
    .join(', ')
}

/** What became of the task that ended last, a failure with its whole reason. */
function newsOf(latest: StandingTask): string {
  if (latest.standing !== 'failed') return `just finished: ${nameOf(latest)}`
  return `just failed: ${latest.id} ${plainText(latest.reason)}`
}

function nameOf(entry: StandingTask | undefined): string {
  return entry === undefined ? '' : `${entry.id} ${plainText(entry.task.spec.label)}`
}

/** On a screen too low for all, what stands in the middle goes. */
function squeeze(lines: readonly string[], rows: number): string[] {
  if (lines.length <= rows) return [...lines]
  const top = Math.ceil(rows / 2)
  return [...lines.slice(0, top), ...lines.slice(lines.length - (rows - top))]
}
