import { z } from 'zod'
import { TOOLS } from './agent-prompt.ts'

/** `ceiling.yaml` on the default branch: the tools that the agent prompts and skills of a channel may name. */
export const ceilingSchema = z.strictObject({
  /** Name of a channel, in which `*` stands for any letters → its ceiling. The most specific name holds. */
  channels: z.record(
    z.string().regex(/^[a-z0-9*-]+$/, 'expected a channel name, in which "*" may stand for any letters'),
    z.strictObject({ tools: z.array(z.enum(TOOLS)) }),
  ),
})
export type Ceiling = z.infer<typeof ceilingSchema>
