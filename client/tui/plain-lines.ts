import type { RunEvent } from '../../schemas/run-event.ts'
import { type Task, taskOf } from '../queue/queue.ts'
import type { Paint } from './colour.ts'
import type { Model } from './model.ts'
import { newlyBlocked } from './newly-blocked.ts'
import { standingOf } from './standing.ts'
import { duration, plainText, shortModel } from './text.ts'
import type { RunTitle } from './title.ts'

/** One event, with what was known before it and what is known after it. */
export interface Step {
  readonly before: Model
  readonly model: Model
  readonly event: RunEvent
}

/** The first line: what runs, on what, by whom. */
export function titleLine(title: RunTitle, paint: Paint): string {
  const by = `${plainText(title.harness)} (${plainText(title.disclosure)})`
  const app = `${plainText(title.app)} (${plainText(title.framework ?? 'no known framework')})`
  return `${paint(plainText(title.flow), 'bold')} on ${app} by ${by}, release ${plainText(title.release).slice(0, 12)}`
}

/** What a log says of one event: a line for a transition, more when others are blocked by it, or none. */
export function plainLines(step: Step, paint: Paint): string[] {
  const { event, model } = step
  switch (event.e) {
    case 'run-started':
    case 'task-reported':
      return []
    case 'run-resumed':
      return [`${paint('↻', 'cyan')} resumed`]
    case 'seed-started':
      return [`${paint('▸', 'cyan')} planning (${shortModel(event.model)})`]
    case 'seed-ended':
      return [planned(step, paint)]
    case 'guard-tripped':
      return [
        `${paint('!', 'yellow')} ${event.guard} refused a task of ${event.by}: ${plainText(event.message)}`,
      ]
    case 'run-finished':
      return finished(event, paint)
    case 'task-enqueued':
      return [taskNews(model, event.task.id, paint)]
    case 'dependency-added':
      return blockedNews(step, paint)
    case 'question-asked':
      return [`${paint('?', 'yellow')} ${event.id} asks you a question`]
    case 'question-settled':
      return [`${paint('?', 'dim')} ${event.id} had a question: ${event.outcome}`]
    default:
      return [taskNews(model, event.id, paint), ...blockedNews(step, paint)]
  }
}

/** Said when nothing else was for a while. */
export function heartbeat({ queue, running, planning, doing }: Model, now: number, paint: Paint): string {
  const does = (id: string) => (doing.has(id) ? `: ${doing.get(id)?.text}` : '')
  const parts = running.slice(0, 5).flatMap((id) => {
    const task = taskOf(queue, id)
    if (task?.state.status !== 'running') return []
    return [`${id} ${task.spec.type} ${duration(now - task.state.startedAt)}${does(id)}`]
  })
  if (planning.status === 'running') {
    parts.unshift(`planning ${duration(now - planning.startedAt)}${does('seed')}`)
  }
  const more = running.length > 5 ? ` and ${running.length - 5} more` : ''
  return paint(`… ${parts.join(', ') || 'waiting'}${more}`, 'dim')
}

/** What is to be said of a task as it stands now. */
function taskNews(model: Model, id: string, paint: Paint): string {
  const entry = standingOf(model.queue, id)
  if (entry === undefined) return ''
  const { task, standing } = entry
  const name = `${id} ${task.spec.type}  ${plainText(task.spec.label)}`
  const reason = plainText(entry.reason)
  switch (standing) {
    case 'running':
      return `${paint('▸', 'cyan')} ${name} ${effort(task)}`
    case 'blocked':
      return `${paint('■', 'yellow')} ${name}: blocked, ${reason}`
    case 'retry':
      return `${paint('↻', 'yellow')} ${name}: ${isInterrupted(task) ? 'interrupted' : 'tries again'}, ${reason}`
    case 'cancelled':
      return `${paint('✗', 'yellow')} ${name}: cancelled, ${reason}`
    case 'done':
      return `${paint('✓', 'green')} ${name} ${effort(task)}`
    case 'not-needed':
      return `${paint('–', 'dim')} ${name}: not needed, ${reason} ${effort(task)}`
    case 'failed':
      return `${paint('✗', 'red')} ${name}: failed, ${reason} ${effort(task)}`
    default:
      return `${paint('+', 'dim')} ${name}`
  }
}

function isInterrupted({ state }: Task): boolean {
  return state.status === 'pending' && ['cancelled', 'machine'].includes(state.lastFailure?.kind ?? '')
}

function effort({ state }: Task): string {
  if (!('startedAt' in state)) return ''
  const again = state.attempts > 1 ? [`attempt ${state.attempts}`] : []
  const took = 'endedAt' in state ? [duration(state.endedAt - state.startedAt)] : []
  return `(${[shortModel(state.model), ...again, ...took].join(', ')})`
}

function blockedNews({ event, before, model }: Step, paint: Paint): string[] {
  return newlyBlocked(event, before.queue, model.queue).map((id) => taskNews(model, id, paint))
}

function planned({ model: { planning }, event }: Step, paint: Paint): string {
  if (planning.status === 'waiting') {
    const again = event.e === 'seed-ended' && event.retry ? 'planning is tried again' : 'planning was stopped'
    return `${paint('↻', 'yellow')} ${again}, ${plainText(planning.lastReason ?? '')}`
  }
  if (planning.status !== 'ended') return ''
  const { failure, ms } = planning
  if (failure !== null) return `${paint('✗', 'red')} planning failed: ${plainText(failure)} (${duration(ms)})`
  return `${paint('✓', 'green')} planned (${duration(ms)})`
}

function finished(event: Extract<RunEvent, { readonly e: 'run-finished' }>, paint: Paint): string[] {
  const mark = event.verdict === 'succeeded' ? paint('✓', 'green') : paint('✗', 'red')
  return [`${mark} run ${event.verdict}`, ...event.reasons.map((reason) => `  ${plainText(reason)}`)]
}
