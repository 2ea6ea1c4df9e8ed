import { chooseTasks } from './choose-tasks.ts'
import { type Paint, painter, type Style } from './colour.ts'
import { type Model, taskList } from './model.ts'
import { type Standing, type StandingTask, standings } from './standing.ts'
import { cut, displayWidth, duration, plainText, shortModel, toColumns } from './text.ts'
import type { RunTitle } from './title.ts'

export interface ViewOptions {
  readonly columns: number
  readonly rows: number
  readonly colour: boolean
  readonly title: RunTitle
}

interface Look {
  readonly glyph: string
  readonly word: string
  readonly styles: readonly Style[]
}

const LOOKS: Readonly<Record<Standing, Look>> = {
  running: { glyph: '▸', word: 'running', styles: ['cyan'] },
  done: { glyph: '✓', word: 'done', styles: ['green'] },
  'not-needed': { glyph: '–', word: 'not needed', styles: ['dim'] },
  failed: { glyph: '✗', word: 'failed', styles: ['red'] },
  cancelled: { glyph: '✗', word: 'cancelled', styles: ['yellow'] },
  blocked: { glyph: '■', word: 'blocked', styles: ['yellow'] },
  ready: { glyph: '·', word: 'ready', styles: ['dim'] },
  waiting: { glyph: '·', word: 'waiting', styles: ['dim'] },
}
const SPINNER = ['◐', '◓', '◑', '◒'] as const

/** On a wider screen the eye would lose the line. */
const MAX_COLUMNS = 120

/** The screen as lines, never more than `rows` and never wider than `columns`. */
export function view(model: Model, wanted: ViewOptions): string[] {
  const options = { ...wanted, columns: Math.min(wanted.columns, MAX_COLUMNS) }
  const paint = painter(options.colour)
  const all = standings(taskList(model))
  const head = [...header(model, options, paint), '', planning(model, options, paint)]
  const foot = ['', ...footer(model, all, options), ...verdict(model, options, paint)]
  const { shown, rest } = chooseTasks(all, options.rows - head.length - foot.length)
  const lines = shown.map((entry) => taskLine(model, entry, { ...options, paint }))
  if (rest.length > 0)
    lines.push(paint(cut(`  … ${rest.length} more: ${countsOf(rest)}`, options.columns), 'dim'))
  return squeeze([...head, ...lines, ...foot], options.rows)
}

function header(model: Model, { title, columns }: ViewOptions, paint: Paint): string[] {
  const clock = duration(model.now - model.launchedAt)
  const place = [title.app, title.framework ?? 'no known framework'].map(plainText).join(' · ')
  const flow = cut(plainText(title.flow), columns - clock.length - 1)
  const left = columns - displayWidth(flow) - clock.length - 1
  const first = `${paint(flow, 'bold')}${toColumns(left > 4 ? `  ${place}` : '', left)} ${paint(clock, 'cyan')}`
  const second = `${plainText(title.harness)}: ${plainText(title.disclosure)} · release ${plainText(title.release).slice(0, 12)}`
  return [first, paint(cut(second, columns), 'dim')]
}

function planning(model: Model, { columns }: ViewOptions, paint: Paint): string {
  const { planning } = model
  if (planning.status === 'waiting') return paint(cut('· planning has not begun', columns), 'dim')
  if (planning.status === 'running') {
    const took = duration(model.now - planning.startedAt)
    return paint(
      cut(`${spinner(model)} planning with ${shortModel(planning.model)}  ${took}`, columns),
      'cyan',
    )
  }
  if (planning.failure !== null)
    return paint(cut(`✗ planning failed: ${plainText(planning.failure)}`, columns), 'red')
  return paint(cut(`✓ planned in ${duration(planning.ms)}`, columns), 'green')
}

type LineOptions = ViewOptions & { readonly paint: Paint }

function taskLine(model: Model, { task, standing, reason }: StandingTask, options: LineOptions): string {
  const { columns, paint } = options
  const look = LOOKS[standing]
  const { name, took } = effort(model, task.progress)
  const modelWidth = columns >= 100 ? 18 : columns >= 70 ? 11 : 0
  const right = ` ${toColumns(wordOf(task.progress, look), 10)} ${modelWidth > 0 ? `${toColumns(name, modelWidth)} ` : ''}${took.padStart(6)}`
  const glyph = standing === 'running' ? spinner(model) : look.glyph
  const left = `${glyph} ${task.id.padEnd(3)} `
  const room = columns - displayWidth(left) - displayWidth(right)
  if (room < 8) return paint(cut(`${left}${plainText(task.label)}`, columns), ...look.styles)
  const because = reason === '' ? '' : `  ${plainText(reason)}`
  // A reason may take more than half of the line from its label.
  const label = cut(plainText(task.label), room - Math.min(displayWidth(because), Math.floor(room * 0.6)))
  const why = cut(because, room - displayWidth(label))
  const gap = ' '.repeat(room - displayWidth(label) - displayWidth(why))
  const crossed =
    standing === 'not-needed' ? crossOut(label, options) : paint(label, ...labelStyles(standing))
  return `${paint(left, ...look.styles)}${crossed}${paint(why, ...look.styles)}${gap}${paint(right, ...look.styles)}`
}

function wordOf(progress: StandingTask['task']['progress'], look: Look): string {
  return progress.status === 'running' && progress.attempt > 1 ? `attempt ${progress.attempt}` : look.word
}

function labelStyles(standing: Standing): readonly Style[] {
  return standing === 'ready' || standing === 'waiting' ? ['dim'] : standing === 'running' ? ['bold'] : []
}

/** Struck through; where there are no styles, the state's word alone says it. */
function crossOut(label: string, { paint }: LineOptions): string {
  return paint(label, 'dim', 'strike')
}

function effort(model: Model, progress: StandingTask['task']['progress']): { name: string; took: string } {
  if (progress.status === 'pending' || progress.status === 'cancelled') return { name: '', took: '' }
  const ms = progress.status === 'running' ? model.now - progress.startedAt : progress.ms
  return { name: shortModel(progress.model), took: duration(ms) }
}

function footer(model: Model, all: readonly StandingTask[], { columns }: ViewOptions): string[] {
  const latest = all.find(({ task }) => task.id === model.latest)
  const next = all.filter(({ standing }) => standing === 'ready').slice(0, 3)
  const news = [
    latest === undefined ? '' : newsOf(latest),
    next.length === 0 ? '' : `next: ${next.map(nameOf).join(', ')}`,
  ].filter(Boolean)
  const guards = model.guards === 0 ? '' : ` · ${model.guards} refused by a guard`
  const counts = all.length === 0 ? 'no tasks yet' : countsOf(all)
  return [cut(news.join(' · ') || 'nothing has finished yet', columns), cut(`${counts}${guards}`, columns)]
}

function verdict(model: Model, { columns }: ViewOptions, paint: Paint): string[] {
  if (model.verdict === null) return []
  const { verdict, reasons } = model.verdict
  const look = verdict === 'succeeded' ? LOOKS.done : verdict === 'failed' ? LOOKS.failed : LOOKS.cancelled
  const first = `${look.glyph} ${verdict} in ${duration(model.now - model.launchedAt)}`
  return [
    paint(cut(first, columns), ...look.styles),
    ...reasons.slice(0, 3).map((reason) => paint(cut(`  ${plainText(reason)}`, columns), ...look.styles)),
  ]
}

/** `3 done, 1 running`, in the order a reader cares for. */
function countsOf(all: readonly StandingTask[]): string {
  const counts = Map.groupBy(all, ({ standing }) => LOOKS[standing].word)
  const words = [...new Set(Object.values(LOOKS).map((look) => look.word))]
  return words.flatMap((word) => (counts.has(word) ? [`${counts.get(word)?.length} ${word}`] : [])).join(', ')
}

/** What became of the task that ended last, a failure with its whole reason. */
function newsOf(latest: StandingTask): string {
  if (latest.standing !== 'failed') return `just finished: ${nameOf(latest)}`
  return `just failed: ${latest.task.id} ${plainText(latest.reason)}`
}

function nameOf({ task }: StandingTask): string {
  return `${task.id} ${plainText(task.label)}`
}

function spinner(model: Model): string {
  return SPINNER[Math.floor(model.now / 250) % SPINNER.length] ?? SPINNER[0]
}

/** On a screen too low for all, empty lines go first, then what stands in the middle. */
function squeeze(lines: readonly string[], rows: number): string[] {
  const full = lines.length <= rows ? [...lines] : lines.filter((line) => line !== '')
  if (full.length <= rows) return full
  const top = Math.min(rows, Math.ceil(rows / 2))
  return [...full.slice(0, top), ...full.slice(full.length - (rows - top))]
}
