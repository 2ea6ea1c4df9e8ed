/** Files of something new, paths relative to the content root. */
export type Skeleton = ReadonlyMap<string, string>

const MODELS = ['model_pi: openai/gpt-5.6-luna', 'model_sdk: claude-haiku-4-5-20251001']

/** A flow of a seed and one task. */
export function flowSkeleton(flow: string): Skeleton {
  return new Map([...seedSkeleton(flow, 'seed', ['first-task']), ...agentSkeleton(flow, 'first-task')])
}

/** The prompt that plans a flow: it queues tasks of the types that are there. */
export function seedSkeleton(flow: string, type: string, types: readonly string[]): Skeleton {
  const tasks = types.length === 0 ? 'the tasks of this flow' : types.map((name) => `\`${name}\``).join(', ')
  const text = [
    ...['---', `type: ${type}`, `flow: ${flow}`, 'label: Plan the work', 'seed: true', ...MODELS],
    ...['allowedTools: [Read, Glob, Grep, enqueue_task]', '---', '## Goal', ''],
    ...[`Look at the project briefly, then queue ${tasks}.`, '', '## How you know you succeeded', ''],
    ...['What the project needs is queued, each task once.', ''],
  ]
  return new Map([[`agents/${flow}/${type}.md`, text.join('\n')]])
}

/** A prompt for one task type. */
export function agentSkeleton(flow: string, type: string): Skeleton {
  const text = [
    ...['---', `type: ${type}`, `flow: ${flow}`, `label: ${titleOf(type)}`, ...MODELS],
    ...['allowedTools: [Read, Edit, Glob, Grep, complete_task]', 'disallowedTools: [enqueue_task]', '---'],
    ...['## Goal', '', 'Say in one sentence what is true when this task is done.', ''],
    ...['## How you know you succeeded', '', 'Name what a person can look at to see it.', ''],
  ]
  return new Map([[`agents/${flow}/${type}.md`, text.join('\n')]])
}

/** A plain skill. */
export function skillSkeleton(name: string): Skeleton {
  const text = [
    ...['---', `name: ${name}`, `description: ${titleOf(name)}, and when to use this`, '---'],
    ...[`# ${titleOf(name)}`, '', '1. Say what to do first.', '2. Say how to check it.', ''],
  ]
  return new Map([[`skills/${name}/SKILL.md`, text.join('\n')]])
}

function titleOf(name: string): string {
  const words = name.split(/[-_]/).join(' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
