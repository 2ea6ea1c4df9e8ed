import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { type Queue, type Task, tasksOf } from '../queue/queue.ts'
import { tellHandoff, tellUpstream } from './handoffs.ts'
import type { InstalledSkill, Registry } from './registry.ts'

/** What every agent is told about where it is. */
export interface ProjectContext {
  readonly name: string
  readonly framework: string | null
  /** Path of the run folder, relative to the app's folder. */
  readonly runFolder: string
}

/** What one agent reads: `system` is the same for every task of a type, `prompt` is this task's own. */
export interface Assembled {
  readonly system: string
  readonly prompt: string
}

/** Project context, seed contract; then pre-queued tasks and the authored body. */
export function assembleSeed(registry: Registry, project: ProjectContext, queue: Queue): Assembled {
  return {
    system: sections(projectContext(project), registry.contracts.seed),
    prompt: sections(preQueued(queue), registry.seed.body),
  }
}

export interface TaskAssembly {
  readonly registry: Registry
  readonly project: ProjectContext
  readonly queue: Queue
  readonly prompt: AgentPrompt
  /** As it was before this attempt. */
  readonly task: Task
}

/** Project context, pointers and task contract; then the input, the authored body, what came before, and the last attempt. */
export function assembleTask(assembly: TaskAssembly): Assembled {
  const { registry, project, queue, prompt, task } = assembly
  const skills = prompt.skills.flatMap((name) => registry.skills.get(name) ?? [])
  return {
    system: sections(projectContext(project), pointers(skills), registry.contracts.task),
    prompt: sections(taskInput(task), prompt.body, context(queue, task), lastAttempt(task)),
  }
}

/** Parts as paragraphs; what is empty leaves no gap. */
export function sections(...parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n\n')
}

/** What every agent is told about where it is. */
export function projectContext({ name, framework, runFolder }: ProjectContext): string {
  return [
    '## Project',
    `- Name: ${name}`,
    `- Framework: ${framework ?? 'none was detected'}`,
    `- Run folder: ${runFolder}`,
  ].join('\n')
}

/** Examples first, then rules, then procedures: the order in which they are best read. */
export function pointers(skills: readonly InstalledSkill[]): string {
  const found = (heading: string, pattern: RegExp): string[] =>
    skills.flatMap(({ folder, files }) =>
      files.filter((file) => pattern.test(file)).map((file) => `- ${heading}: ${folder}/${file}`),
    )
  const lines = [
    ...found('Reference example', /^references\/EXAMPLE(-[^/]+)?\.md$/),
    ...found('Rules', /^references\/COMMANDMENTS\.md$/),
    ...found('Skill', /^SKILL\.md$/),
  ]
  return lines.length === 0 ? '' : ['## Read first', ...lines].join('\n')
}

function preQueued(queue: Queue): string {
  const lines = [...tasksOf(queue)].map(({ spec }) => {
    const waits = spec.dependsOn.length === 0 ? '' : `, waits for ${spec.dependsOn.join(', ')}`
    return `- ${spec.id} ${spec.type}: ${spec.label}${waits}`
  })
  return lines.length === 0 ? '' : ['## Pre-queued tasks', ...lines].join('\n')
}

function taskInput({ spec }: Task): string {
  const reason = spec.reason === undefined ? [] : [`- Why it was queued: ${spec.reason}`]
  const inputs =
    Object.keys(spec.inputs).length === 0 ? [] : ['```json', JSON.stringify(spec.inputs, null, 2), '```']
  return [
    '## Your task input',
    `- Task: ${spec.id} (${spec.type}), ${spec.label}`,
    ...reason,
    ...inputs,
  ].join('\n')
}

function context(queue: Queue, task: Task): string {
  const told = tellUpstream(queue, task.spec.id)
  return told.length === 0 ? '' : ['## Context from previous steps', ...told].join('\n\n')
}

/** What the last attempt did and why it ended; empty at the first one. */
export function lastAttempt({ state }: Task): string {
  if (state.status !== 'pending' || !state.lastFailure) return ''
  const { kind, message } = state.lastFailure
  const did = state.lastHandoff
    ? tellHandoff(state.lastHandoff, 2000)
    : ['- It left no handoff; look at what is in place.']
  const lines = [`- Attempt ${state.attempts} ended: ${message} (${kind})`, ...did]
  return ['## Your last attempt', ...lines].join('\n')
}
