import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { modelTier } from '../model-tier.ts'
import { type FlowTasks, waitsFor, waves } from './flow.ts'

/** What a model whose name tells no tier counts as: better too dear than too cheap. */
const UNKNOWN_TIER = 3

/** The model of a task that counts: of those that its profiles name, the dearest. */
export interface DearestModel {
  readonly model: string
  readonly tier: number
  /** False when the tier is a guess. */
  readonly known: boolean
}

/** The longest chain of tasks of a flow, each waiting for the one before; of several, the dearest. */
export interface LongestPath {
  readonly types: readonly string[]
  /** Estimated tokens that its tasks start with. */
  readonly tokens: number
  /** The same, each task's tokens times the tier of its dearest model. */
  readonly units: number
  /** The dearest model on it, and the first task that uses it. */
  readonly dearest: DearestModel & { readonly type: string }
}

/** The dearest model that a prompt names for any profile. */
export function dearestModel({ model, model_pi, model_sdk }: AgentPrompt): DearestModel {
  const models = [model, model_pi, model_sdk].filter((name) => name !== undefined)
  const ranked = models.map((name) => {
    const tier = modelTier(name)
    return { model: name, tier: tier ?? UNKNOWN_TIER, known: tier !== undefined }
  })
  return ranked.sort((a, b) => b.tier - a.tier)[0] ?? { model: 'none', tier: UNKNOWN_TIER, known: false }
}

/** Finds the longest path of a flow; undefined for a flow without tasks. */
export function longestPath(flow: FlowTasks): LongestPath | undefined {
  const chains = new Map<string, Chain>()
  const waits = waitsFor(flow)
  for (const prompt of waves(flow).flat()) {
    const before = (waits.get(prompt.type) ?? []).flatMap((type) => chains.get(type) ?? [])
    const longest = before.sort(compareChains)[0] ?? { prompts: [], units: 0 }
    const units = (flow.tokens.get(prompt.type) ?? 0) * dearestModel(prompt).tier
    chains.set(prompt.type, { prompts: [...longest.prompts, prompt], units: longest.units + units })
  }
  const [best] = [...chains.values()].sort(compareChains)
  if (best === undefined) return undefined
  const [dearest] = best.prompts
    .map((prompt) => ({ ...dearestModel(prompt), type: prompt.type }))
    .sort((a, b) => b.tier - a.tier)
  const tokens = best.prompts.reduce((sum, { type }) => sum + (flow.tokens.get(type) ?? 0), 0)
  return dearest && { types: best.prompts.map(({ type }) => type), tokens, units: best.units, dearest }
}

interface Chain {
  readonly prompts: readonly AgentPrompt[]
  readonly units: number
}

function compareChains(a: Chain, b: Chain): number {
  return b.prompts.length - a.prompts.length || b.units - a.units
}
