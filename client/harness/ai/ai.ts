import { performance } from 'node:perf_hooks'
import type { AgentHarness, AgentJob, AgentOutcome, Availability } from '../harness.ts'
import type { HarnessOptions } from '../harness-options.ts'
import { type Ending, lifetime } from '../lifetime.ts'
import { Agent, type Patience } from './agent.ts'
import { LOCAL_MODELS, languageModel, missingKey, providerOf } from './provider.ts'

export interface AiOptions extends HarnessOptions {
  readonly patience?: Patience
}

const PACKAGES = 'ai @ai-sdk/anthropic @ai-sdk/openai @ai-sdk/openai-compatible'
const PATIENCE: Patience = { tries: 4, firstWaitMs: 1000, longestWaitMs: 60_000 }
/** How long a local endpoint has to show that it is there. */
const KNOCK_MS = 1000

/** Agents on models of Anthropic, OpenAI, or any endpoint that speaks chat completions. The loop is ours. */
export function aiHarness(options: AiOptions): AgentHarness {
  const { isScripted } = options.access
  return {
    name: 'ai',
    disclosure: isScripted ? 'model: scripted' : 'AI SDK, tools of our own',
    models: { kind: 'named', profile: 'pi' },
    check: () => available(options),
    run: (job) => runAgent(job, options),
  }
}

async function runAgent(job: AgentJob, options: AiOptions): Promise<AgentOutcome> {
  const started = performance.now()
  let agent: Agent | undefined
  const ending = await lifetime(job, async (signal): Promise<Ending> => {
    const provider = providerOf(job.model, options)
    const missing = missingKey(provider, options)
    if (missing !== undefined)
      return { end: 'auth', message: `Cannot run "${job.model}": there is no key. ${missing}` }
    agent = new Agent({
      job,
      model: await languageModel(provider, options),
      countedAs: options.access.isScripted ? 'scripted' : job.model,
      patience: options.patience ?? PATIENCE,
    })
    return agent.work(signal)
  })
  const ms = performance.now() - started
  return { ...withoutKeys(ending, options), turns: agent?.turns ?? 0, usage: agent?.usage ?? [], ms }
}

/** A provider may repeat a key in its answer. */
function withoutKeys(ending: Ending, { access: { anthropic, openai } }: AiOptions): Ending {
  if (ending.message === undefined) return ending
  const keys = [anthropic.apiKey, anthropic.authToken, openai.apiKey, openai.endpointKey]
  const message = keys
    .filter((key) => key !== undefined)
    .reduce((text, key) => text.replaceAll(key, '(key)'), ending.message)
  return { ...ending, message }
}

async function available(options: AiOptions): Promise<Availability> {
  const version = await versionOfSdk()
  if (version === undefined) {
    return { ok: false, why: 'the AI SDK is not installed', fix: `Run "npm install ${PACKAGES}"` }
  }
  const { access, modelUrl } = options
  const url = modelUrl ?? access.openai.endpointUrl
  const hasKey = access.anthropic.apiKey ?? access.anthropic.authToken ?? access.openai.apiKey
  if (url === undefined && hasKey !== undefined) return { ok: true, version }
  const endpoint = url ?? LOCAL_MODELS
  if (await answers(endpoint)) return { ok: true, version }
  if (url !== undefined) {
    return {
      ok: false,
      why: `nothing answers at ${url}`,
      fix: 'Start what serves models there, or name another endpoint',
    }
  }
  return {
    ok: false,
    why: `there is no key, and no local model at ${LOCAL_MODELS}`,
    fix: 'Set ANTHROPIC_API_KEY or OPENAI_API_KEY, start Ollama, or name an endpoint by --model-url',
  }
}

async function versionOfSdk(): Promise<string | undefined> {
  try {
    await Promise.all(PACKAGES.split(' ').map((name) => import(name)))
    const { default: manifest } = await import('ai/package.json', { with: { type: 'json' } })
    return manifest.version
  } catch {
    return undefined
  }
}

/** Any answer will do: endpoints differ in what they tell without being asked for a model. */
export async function answers(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(KNOCK_MS)
  return await fetch(`${url}/models`, { signal }).then(
    () => true,
    () => false,
  )
}
