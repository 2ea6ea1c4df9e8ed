import { expect } from 'vitest'
import type { Artifact } from '../../build/release.ts'
import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'

/** Reads an artifact as a client would. */
export function readBack({ name, bytes }: Artifact): void {
  const text = new TextDecoder().decode(bytes)
  if (name.endsWith('.md')) expect(parsePrompt(text).body).toBeTruthy()
  if (name.startsWith('agents-') && name.endsWith('.json')) flowBundleSchema.parse(JSON.parse(text))
  else if (name.endsWith('.json')) skillBundleSchema.parse(JSON.parse(text))
}
