import type { ModelAccess } from '../config.ts'

/** What a harness is made with. */
export interface HarnessOptions {
  readonly access: ModelAccess
  /** Endpoint of models that speaks the wire of OpenAI, such as a local Ollama. */
  readonly modelUrl?: string
}
