/** The two wires the harness speaks to scripted servers, one brain at a time. */
import { aiHarness } from '../../../../client/harness/ai/ai.ts'
import type { AgentJob, AgentOutcome } from '../../../../client/harness/harness.ts'
import type { HarnessOptions } from '../../../../client/harness/harness-options.ts'
import { Desk } from '../desk.ts'
import { type ModelAnswer, modelServer } from '../model-server.ts'
import { chatServer } from '../openai-server.ts'
import { IMPATIENT, KEY } from './scripted-ai.ts'

interface Asked {
  readonly body: object
  readonly headers: Readonly<Record<string, unknown>>
}

export interface Wire {
  readonly options: HarnessOptions
  readonly model: string
  /** Every request, in order. */
  readonly asked: readonly Asked[]
  readonly refusals: readonly string[]
  readonly close: () => Promise<void>
}

/** Answers to the requests in their order; the last one again for any more. */
export type Answers = readonly ModelAnswer[]

const inTurn = (answers: Answers) => {
  let asked = 0
  return (): ModelAnswer => answers[Math.min(asked++, answers.length - 1)] ?? {}
}

export const WIRES: Readonly<Record<string, (answers: Answers) => Promise<Wire>>> = {
  anthropic: async (answers) => {
    const server = await modelServer(inTurn(answers), KEY)
    const access = { anthropic: { apiKey: KEY, baseUrl: server.base }, openai: {}, isScripted: false }
    return wireOf(server, { access }, 'claude-haiku-4-5')
  },
  compatible: async (answers) => {
    const server = await chatServer({ brain: inTurn(answers), key: KEY })
    const access = { anthropic: {}, openai: { endpointKey: KEY }, isScripted: false }
    return wireOf(server, { access, modelUrl: server.base }, 'qwen3-coder')
  },
}

function wireOf(
  {
    journal,
    refusals,
    close,
  }: { journal: readonly Asked[]; refusals: readonly string[]; close: () => Promise<void> },
  options: HarnessOptions,
  model: string,
): Wire {
  return { options, model, asked: journal, refusals, close }
}

export interface Told {
  readonly outcome: AgentOutcome
  readonly desk: Desk
  readonly wire: Wire
}

/** One task agent on a wire that answers so. */
export async function agentOn(
  { wire: name, app }: { readonly wire: string; readonly app: string },
  answers: Answers,
  more: Partial<AgentJob> = {},
): Promise<Told> {
  const wire = await WIRES[name]!(answers)
  try {
    const desk = new Desk({ app, flow: 'f', framework: null })
    desk.tasks.push({ id: 't1', type: 'one', dependsOn: [], status: 'pending' })
    const harness = aiHarness({ ...wire.options, patience: IMPATIENT })
    const outcome = await harness.run(desk.job('t1', 'one', { model: wire.model, prompt: 'Do it', ...more }))
    return { outcome, desk, wire }
  } finally {
    await wire.close()
  }
}
