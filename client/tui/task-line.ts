import type { Task } from '../queue/queue.ts'
import type { Paint, Style } from './colour.ts'
import { LOOKS, spinner } from './looks.ts'
import type { Standing, StandingTask } from './standing.ts'
import { cut, displayWidth, duration, plainText, shortModel, toColumns } from './text.ts'

export interface LineOptions {
  readonly columns: number
  readonly now: number
  /** Columns of the widest id in sight. */
  readonly idWidth: number
  readonly paint: Paint
}

/** A task on one line: label, why it stands so, state, model, time. */
export function taskLine({ id, task, standing, reason }: StandingTask, options: LineOptions): string {
  const { columns, paint, now } = options
  const { glyph, styles } = LOOKS[standing]
  const left = `${standing === 'running' ? spinner(now) : glyph} ${id.padEnd(options.idWidth)} `
  const right = rightOf(task, standing, options)
  const room = columns - displayWidth(left) - displayWidth(right)
  if (room < 8) return paint(cut(`${left}${plainText(task.spec.label)}`, columns), ...styles)
  const because = reason === '' ? '' : `  ${plainText(reason)}`
  // A reason may take more than half of the line from its label.
  const label = cut(
    plainText(task.spec.label),
    room - Math.min(displayWidth(because), Math.floor(room * 0.6)),
  )
  const why = cut(because, room - displayWidth(label))
  const gap = ' '.repeat(room - displayWidth(label) - displayWidth(why))
  return `${paint(left, ...styles)}${paint(label, ...labelStyles(standing))}${paint(why, ...styles)}${gap}${paint(right, ...styles)}`
}

/** What the agent of a task does, below the task's line. */
export function doingLine(text: string, { columns, paint, idWidth }: LineOptions): string {
  return paint(cut(`${' '.repeat(idWidth + 3)}↳ ${text}`, columns), 'dim')
}

function rightOf(task: Task, standing: Standing, { columns, now }: LineOptions): string {
  const { name, took, attempt } = effort(task, now)
  const word = standing === 'running' && attempt > 1 ? `attempt ${attempt}` : LOOKS[standing].word
  const modelWidth = columns >= 110 ? 22 : columns >= 70 ? 12 : 0
  const model = modelWidth > 0 ? `${toColumns(name, modelWidth)} ` : ''
  return ` ${columns >= 45 ? `${toColumns(word, 10)} ` : ''}${model}${took.padStart(6)}`
}

function effort({ state }: Task, now: number): { name: string; took: string; attempt: number } {
  if (!('startedAt' in state)) return { name: '', took: '', attempt: 0 }
  const until = 'endedAt' in state ? state.endedAt : now
  return { name: shortModel(state.model), took: duration(until - state.startedAt), attempt: state.attempts }
}

/** What is not needed is struck through; where there are no styles, the state's word alone says it. */
function labelStyles(standing: Standing): readonly Style[] {
  if (standing === 'running') return ['bold']
  if (standing === 'not-needed') return ['dim', 'strike']
  return standing === 'ready' || standing === 'waiting' ? ['dim'] : []
}
