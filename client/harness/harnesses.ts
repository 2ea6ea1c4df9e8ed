import type { ModelAccess } from '../config.ts'
import type { AgentHarness } from './harness.ts'

export interface HarnessOptions {
  readonly access: ModelAccess
  /** Endpoint of models that speaks the wire of OpenAI, such as a local Ollama. */
  readonly modelUrl?: string
}

/** Name → what makes it. Each is loaded only when it is asked for. */
export const HARNESSES: Readonly<Record<string, (options: HarnessOptions) => Promise<AgentHarness>>> = {
  embedded: async () => (await import('./embedded/embedded.ts')).embeddedHarness(),
  ai: async (options) => (await import('./ai/ai.ts')).aiHarness(options),
}

/** Every harness there is, the default one first. */
export const HARNESS_NAMES = Object.keys(HARNESSES)
