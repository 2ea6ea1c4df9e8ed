import type { RunEvent } from '../../schemas/run-event.ts'
import type { Paint } from './colour.ts'
import { type Model, type TaskLine, taskList, taskOf } from './model.ts'
import { causeOf } from './standing.ts'
import { duration, plainText, shortModel } from './text.ts'
import type { RunTitle } from './title.ts'

/** One event, with what is known after it. */
export interface Step {
  readonly model: Model
  readonly event: RunEvent
  /** Tasks that can never run because of this event. */
  readonly blocked: readonly TaskLine[]
}

/** The first line: what runs, on what, by whom. */
export function titleLine(title: RunTitle, paint: Paint): string {
  const by = `${plainText(title.harness)} (${plainText(title.disclosure)})`
  const app = `${plainText(title.app)} (${plainText(title.framework ?? 'no known framework')})`
  return `${paint(plainText(title.flow), 'bold')} on ${app} by ${by}, release ${plainText(title.release).slice(0, 12)}`
}

/** What a log says of one event: a line for a transition, more when others are blocked by it, or none. */
export function plainLines(step: Step, paint: Paint): string[] {
  const { event } = step
  switch (event.e) {
    case 'run-started':
    case 'dependency-added':
    case 'task-reported':
      return []
    case 'run-resumed':
      return [`${paint('↻', 'cyan')} resumed`]
    case 'seed-started':
      return [`${paint('▸', 'cyan')} planning (${shortModel(event.model)})`]
    case 'seed-ended':
      return [planned(step.model, paint)]
    case 'guard-tripped':
      return [
        `${paint('!', 'yellow')} ${event.guard} refused a task of ${event.by}: ${plainText(event.message)}`,
      ]
    case 'run-finished':
      return finished(event, paint)
    case 'task-enqueued':
      return [taskNews(taskOf(step.model, event.task.id), paint)].filter(Boolean)
    default: {
      const task = taskOf(step.model, event.id)
      if (task === undefined) return []
      return [taskNews(task, paint), ...step.blocked.map((other) => blockedNews(other, task, paint))]
    }
  }
}

/** Said when nothing else was for a while. */
export function heartbeat(model: Model, now: number, paint: Paint): string {
  const running = taskList(model).flatMap((task) =>
    task.progress.status === 'running'
      ? [`${task.id} ${task.type} ${duration(now - task.progress.startedAt)}`]
      : [],
  )
  if (model.planning.status === 'running')
    running.unshift(`planning ${duration(now - model.planning.startedAt)}`)
  const more = running.length > 5 ? ` and ${running.length - 5} more` : ''
  return paint(`… ${running.slice(0, 5).join(', ') || 'waiting'}${more}`, 'dim')
}

/** What is to be said of a task as it stands now. */
function taskNews(task: TaskLine | undefined, paint: Paint): string {
  if (task === undefined) return ''
  const { progress } = task
  const name = `${task.id} ${task.type}  ${plainText(task.label)}`
  switch (progress.status) {
    case 'pending':
      if (progress.lastReason === null) return `${paint('+', 'dim')} ${name}`
      return `${paint('↻', 'yellow')} ${name}: tries again, ${plainText(progress.lastReason)}`
    case 'running': {
      const again = progress.attempt > 1 ? `, attempt ${progress.attempt}` : ''
      return `${paint('▸', 'cyan')} ${name} (${shortModel(progress.model)}${again})`
    }
    case 'cancelled':
      return `${paint('✗', 'yellow')} ${name}: cancelled, ${plainText(progress.reason)}`
    case 'done':
      return `${paint('✓', 'green')} ${name} ${effort(progress)}`
    case 'not-needed':
      return `${paint('–', 'dim')} ${name}: not needed, ${plainText(progress.reason)} ${effort(progress)}`
    case 'failed':
      return `${paint('✗', 'red')} ${name}: failed, ${plainText(progress.reason)} ${effort(progress)}`
  }
}

function effort(progress: { readonly model: string; readonly ms: number }): string {
  return `(${shortModel(progress.model)}, ${duration(progress.ms)})`
}

function blockedNews(task: TaskLine, root: TaskLine, paint: Paint): string {
  return `${paint('■', 'yellow')} ${task.id} ${task.type}  ${plainText(task.label)}: blocked, ${causeOf(root)}`
}

function planned(model: Model, paint: Paint): string {
  if (model.planning.status !== 'ended') return ''
  const { failure, ms } = model.planning
  if (failure !== null) return `${paint('✗', 'red')} planning failed: ${plainText(failure)} (${duration(ms)})`
  return `${paint('✓', 'green')} planned (${duration(ms)})`
}

function finished(event: Extract<RunEvent, { readonly e: 'run-finished' }>, paint: Paint): string[] {
  const mark = event.verdict === 'succeeded' ? paint('✓', 'green') : paint('✗', 'red')
  return [`${mark} run ${event.verdict}`, ...event.reasons.map((reason) => `  ${plainText(reason)}`)]
}
