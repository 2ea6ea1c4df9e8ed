import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import {
  type Assembled,
  lastAttempt,
  type ProjectContext,
  pointers,
  projectContext,
  sections,
} from '../prompts/assemble.ts'
import type { Registry } from '../prompts/registry.ts'
import type { Task } from '../queue/queue.ts'

export interface LinearAssembly {
  readonly registry: Registry
  readonly project: ProjectContext
  readonly steps: readonly AgentPrompt[]
  /** As it was before this attempt. */
  readonly task: Task
}

/** Project context and contract; then the seed's body as the whole job, a section a step, and the last attempt. */
export function assembleLinear({ registry, project, steps, task }: LinearAssembly): Assembled {
  const { contracts, seed } = registry
  return {
    system: sections(projectContext(project), contracts.linear ?? contracts.task),
    prompt: sections(
      `# The whole job\n\n${seed.body.trim()}`,
      ...steps.map((step, index) => section(step, `Step ${index + 1} of ${steps.length}`, registry)),
      lastAttempt(task),
    ),
  }
}

function section(
  { type, label = type, skills, body }: AgentPrompt,
  which: string,
  registry: Registry,
): string {
  const installed = skills.flatMap((name) => registry.skills.get(name) ?? [])
  return sections(`# ${which}: ${label} (${type})`, pointers(installed), body)
}
