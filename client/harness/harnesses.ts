import type { AgentHarness } from './harness.ts'
import type { HarnessOptions } from './harness-options.ts'

/** What makes each. A harness is loaded only when it is asked for. */
const HARNESSES = {
  embedded: async () => (await import('./embedded/embedded.ts')).embeddedHarness(),
  claude: async (options: HarnessOptions) => (await import('./claude/claude.ts')).claudeHarness(options),
  ai: async (options: HarnessOptions) => (await import('./ai/ai.ts')).aiHarness(options),
} satisfies Record<string, (options: HarnessOptions) => Promise<AgentHarness>>

export type HarnessName = keyof typeof HARNESSES

/** Every harness there is, the default one first. */
export const HARNESS_NAMES = Object.keys(HARNESSES) as readonly HarnessName[]

/** True for the name of a harness. */
export function isHarnessName(name: string): name is HarnessName {
  return Object.hasOwn(HARNESSES, name)
}

/** The harness of a name. */
export function harnessNamed(name: HarnessName, options: HarnessOptions): Promise<AgentHarness> {
  return HARNESSES[name](options)
}
