import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import type { ModelsFile } from '../../schemas/models.ts'
import { closest } from '../../schemas/suggest.ts'
import type { HarnessModels } from '../harness/harness.ts'

/** Which model runs a prompt. */
export interface ModelPolicy {
  /** Everything that may run, in no order; a task may be queued for one of these. */
  readonly allowed: ReadonlySet<string>
  /**
   * The model for a prompt: the one asked for, else the prompt's for this profile, else the prompt's, else the
   * default; or what stands in for it while it cannot be had.
   */
  readonly modelFor: (prompt: ModelChoice, asked: string | undefined, lost: ReadonlySet<string>) => string
  /** What stands in for a model that cannot be had; undefined when nothing does. */
  readonly standIn: (model: string, lost: ReadonlySet<string>) => string | undefined
}

/** What a prompt says of models. */
export type ModelChoice = Pick<AgentPrompt, 'type' | 'model' | 'model_pi' | 'model_sdk'>

export interface ModelPolicyOptions {
  readonly harness: HarnessModels
  readonly file?: ModelsFile
  /** Every prompt of the flow, the seed among them. */
  readonly prompts: readonly ModelChoice[]
}

/**
 * Settles before a run which models it may use.
 * @throws CommandError `run/no-model` or `run/model-not-allowed` naming the prompt
 */
export function modelPolicy(options: ModelPolicyOptions): ModelPolicy {
  const { harness, file = {} } = options
  if (harness.kind === 'own') return ownModel(harness.name, options.prompts)
  return file.only === undefined ? namedModels(options, harness) : oneModel(file.only, file, options.prompts)
}

function ownModel(name: string, prompts: readonly ModelChoice[]): ModelPolicy {
  return { allowed: new Set(modelsOf(prompts)), modelFor: () => name, standIn: () => undefined }
}

function modelsOf(prompts: readonly ModelChoice[]): string[] {
  return prompts
    .flatMap(({ model, model_pi, model_sdk }) => [model, model_pi, model_sdk])
    .filter((model) => model !== undefined)
}

/** A task may be queued for what its flow names; it is run by the one model, or what stands in for that. */
function oneModel(only: string, file: ModelsFile, prompts: readonly ModelChoice[]): ModelPolicy {
  const standIns = file.fallback?.[only] ?? []
  if (file.allow) assertRunnable('*', only, new Set(file.allow))
  const standIn = (_: string, lost: ReadonlySet<string>) =>
    standIns.find((other) => (file.allow?.includes(other) ?? true) && !lost.has(other))
  return {
    allowed: new Set([...modelsOf(prompts), only]),
    standIn,
    modelFor: (_, _asked, lost) => (lost.has(only) ? (standIn(only, lost) ?? only) : only),
  }
}

function namedModels(
  { file = {}, prompts }: ModelPolicyOptions,
  { profile, fallback: usual }: Extract<HarnessModels, { kind: 'named' }>,
): ModelPolicy {
  const fallbacks = new Map(Object.entries(file.fallback ?? {}))
  const otherwise = file.default ?? usual
  const chosen = (prompt: ModelChoice) => prompt[`model_${profile}`] ?? prompt.model ?? otherwise
  const allowed = new Set(
    file.allow ?? [
      ...modelsOf(prompts),
      ...(otherwise === undefined ? [] : [otherwise]),
      ...[...fallbacks].flatMap(([model, others]) => [model, ...others]),
    ],
  )
  const standIn = (model: string, lost: ReadonlySet<string>) =>
    fallbacks.get(model)?.find((other) => allowed.has(other) && !lost.has(other))
  for (const prompt of prompts) assertRunnable(prompt.type, chosen(prompt), allowed)
  return {
    allowed,
    standIn,
    modelFor: (prompt, asked, lost) => {
      const model = asked ?? chosen(prompt) ?? ''
      return lost.has(model) ? (standIn(model, lost) ?? model) : model
    },
  }
}

function assertRunnable(type: string, model: string | undefined, allowed: ReadonlySet<string>): void {
  if (model === undefined) {
    throw new CommandError(
      'run/no-model',
      `Cannot choose a model for "${type}": its prompt names none for this harness. Give a "default" in the file of --models`,
      { exit: EXIT.usage },
    )
  }
  if (allowed.has(model)) return
  const meant = closest(model, allowed)
  throw new CommandError(
    'run/model-not-allowed',
    `Cannot run "${type}" with model "${model}": expected one of ${[...allowed].join(', ')}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    { exit: EXIT.usage },
  )
}
