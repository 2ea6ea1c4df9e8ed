import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import type { Registry } from '../prompts/registry.ts'

/** The prompts of a flow in the order in which one agent does them: each after what it depends on, the sink last. */
export function stepsOf({ prompts }: Pick<Registry, 'prompts'>): readonly AgentPrompt[] {
  const steps = new Set<AgentPrompt>()
  const take = (prompt: AgentPrompt): void => {
    for (const type of prompt.dependsOn) {
      const earlier = prompts.get(type)
      if (earlier && !steps.has(earlier)) take(earlier)
    }
    steps.add(prompt)
  }
  const all = [...prompts.values()]
  for (const prompt of all.filter(({ sink }) => !sink)) take(prompt)
  for (const prompt of all) take(prompt)
  return [...steps]
}

/** The prompt whose model and effort the one agent has: the first that says why it needs a dearer one, else the first. */
export function leadOf(steps: readonly AgentPrompt[], seed: AgentPrompt): AgentPrompt {
  return steps.find(({ reason }) => reason !== undefined) ?? steps[0] ?? seed
}
