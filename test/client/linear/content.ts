import { join } from 'node:path'
import { gather } from '../../../build/gather.ts'
import { build } from '../../../build/pipeline.ts'
import type { BootstrappedRegistry } from '../../../client/bootstrap/bootstrap.ts'
import { checkFlow } from '../../../client/prompts/flow.ts'
import { flowBundleSchema } from '../../../schemas/agent-menu.ts'
import { parsePrompt } from '../../../schemas/flat-prompt.ts'
import { emptyShelf } from '../scripted.ts'

/** A flow of the content that is served, built now; `without` leaves task types out. */
export async function servedFlow(
  flow: string,
  without: readonly string[] = [],
): Promise<BootstrappedRegistry> {
  const { release } = build(await gather(join(import.meta.dirname, '../../../content')))
  const bytes = release?.artifacts.get(`agents-${flow}.json`)?.bytes
  const { agents, contracts } = flowBundleSchema.parse(JSON.parse(Buffer.from(bytes ?? []).toString()))
  const prompts = Object.values(agents)
    .map(parsePrompt)
    .filter(({ type }) => !without.includes(type))
    .map((prompt) => ({ ...prompt, dependsOn: prompt.dependsOn.filter((type) => !without.includes(type)) }))
  return {
    ...{ flow, release: 'r1', channel: 'main', contracts },
    ...{ ...checkFlow(flow, prompts), skills: new Map(), shelf: emptyShelf },
  }
}
