import { z } from 'zod'
import { CHANGED_SINCE } from '../../tools/files/sightings.ts'
import type { PolicyTools, ToolResult } from './policy.ts'
import { hunkOf } from './source/hunk.ts'

/** A rule cannot be followed to its end. Ends as the task's honest failure. */
export class RuleError extends Error {
  override readonly name: string = 'RuleError'
}

/** Another agent has changed a file since it was read. */
class DisturbedError extends RuleError {
  override readonly name = 'DisturbedError'
}

/** How often a step is begun again. */
const MOST_DISTURBANCES = 20

/** Runs a step that reads a file and then changes it; from the start again when another agent came in between. */
export async function undisturbed<T>(step: () => Promise<T>, disturbances = 0): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof DisturbedError) || disturbances === MOST_DISTURBANCES) throw error
    return undisturbed(step, disturbances + 1)
  }
}

/** One line of source that a search found. */
export interface Hit {
  readonly file: string
  readonly line: string
}

const manifestSchema = z.looseObject({
  type: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** Text of a file; undefined when there is none to read. */
export async function read({ call }: PolicyTools, file: string): Promise<string | undefined> {
  const { ok, text } = await call('Read', { file_path: file })
  return ok ? text : undefined
}

/** Paths that match a pattern. */
export async function glob(tools: PolicyTools, pattern: string): Promise<readonly string[]> {
  return answerLines(await tools.call('Glob', { pattern }))
}

/** Lines of source that match an expression. */
export async function grep(
  tools: PolicyTools,
  pattern: string,
  files = '**/*.{js,jsx,ts,tsx,mjs,cjs}',
): Promise<readonly Hit[]> {
  const lines = answerLines(await tools.call('Grep', { pattern, glob: files }))
  return lines.flatMap((line) => {
    const match = /^(.+?):\d+: (.*)$/.exec(line)
    return match ? [{ file: match[1] ?? '', line: match[2] ?? '' }] : []
  })
}

/** Replaces a file's text by an edit of what differs; nothing is written when nothing does. */
export async function rewrite(tools: PolicyTools, file: string, change: { before: string; after: string }) {
  if (change.before === change.after) return
  const { oldText, newText } = hunkOf(change.before, change.after)
  must(await tools.call('Edit', { file_path: file, old_string: oldText, new_string: newText }))
}

/** Creates a file, or replaces it whole. */
export async function write(tools: PolicyTools, file: string, content: string): Promise<void> {
  must(await tools.call('Write', { file_path: file, content }))
}

/** The app's `package.json`. */
export async function manifestOf(tools: PolicyTools): Promise<{ text: string; manifest: Manifest }> {
  const text = await read(tools, 'package.json')
  if (text === undefined) throw new RuleError('There is no package.json to read')
  try {
    return { text, manifest: manifestSchema.parse(JSON.parse(text)) }
  } catch (cause) {
    throw new RuleError('Cannot read package.json: expected a manifest in JSON', { cause })
  }
}

/**
 * Queues a task, unless the prompt tells that one of its type is queued already, and answers with its id;
 * undefined when it was refused.
 */
export async function enqueue(
  tools: PolicyTools,
  task: { type: string; label?: string; dependsOn?: readonly string[]; reason?: string },
): Promise<string | undefined> {
  const queued = preQueued(tools.prompt).get(task.type)
  if (queued !== undefined) return queued
  const { ok, text } = await tools.call('enqueue_task', task)
  if (!ok) tools.say(text)
  return ok ? /\bt[1-9][0-9]*\b/.exec(text)?.[0] : undefined
}

/** Task type → id of the tasks that the seed is told of. */
function preQueued(prompt: string): ReadonlyMap<string, string> {
  const section = /^## Pre-queued tasks\n((?:- .*\n?)*)/m.exec(prompt)?.[1] ?? ''
  const lines = section.matchAll(/^- (t[1-9][0-9]*) ([a-z0-9_-]+):/gm)
  return new Map([...lines].map(([, id = '', type = '']) => [type, id]))
}

function must(result: ToolResult): void {
  if (result.ok) return
  throw result.text.endsWith(CHANGED_SINCE) ? new DisturbedError(result.text) : new RuleError(result.text)
}

/** Notes of a tool stand in parentheses and are no answer. */
function answerLines({ ok, text }: ToolResult): readonly string[] {
  return ok ? text.split('\n').filter((line) => line !== '' && !/^\((no|more|the) .*\)$/.test(line)) : []
}
