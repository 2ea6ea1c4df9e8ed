import type { LanguageModel } from 'ai'
import type { HarnessOptions } from '../harness-options.ts'

/** Where a local Ollama listens unless it was told otherwise. */
export const LOCAL_MODELS = 'http://localhost:11434/v1'
const ANTHROPIC = 'https://api.anthropic.com/v1'
const OPENAI = 'https://api.openai.com/v1'

/** Who runs a model. */
export type Provider =
  | { readonly kind: 'anthropic' | 'openai'; readonly model: string }
  /** Anything that speaks chat completions as OpenAI does. */
  | { readonly kind: 'compatible'; readonly model: string; readonly url: string }

/** An endpoint that was named serves every model; without one, the model's name tells. */
export function providerOf(id: string, { access, modelUrl }: HarnessOptions): Provider {
  const url = modelUrl ?? access.openai.endpointUrl
  if (url !== undefined) return { kind: 'compatible', model: id, url }
  const [, named, model = id] = /^(?:(anthropic|openai)\/)?(.+)$/.exec(id) ?? []
  if (named === 'anthropic' || model.startsWith('claude-')) return { kind: 'anthropic', model }
  if (named === 'openai' || model.startsWith('gpt-')) return { kind: 'openai', model }
  return { kind: 'compatible', model: id, url: LOCAL_MODELS }
}

/** What is missing to use a provider, as an instruction; undefined when nothing is. */
export function missingKey({ kind }: Provider, { access }: HarnessOptions): string | undefined {
  const { anthropic, openai } = access
  if (kind === 'anthropic' && !anthropic.apiKey && !anthropic.authToken) return 'Set ANTHROPIC_API_KEY'
  if (kind === 'openai' && !openai.apiKey) return 'Set OPENAI_API_KEY'
  return undefined
}

/** The model itself. Nothing is read from the environment, and a key goes to the provider it is for, only. */
export async function languageModel(provider: Provider, { access }: HarnessOptions): Promise<LanguageModel> {
  const { model } = provider
  switch (provider.kind) {
    case 'anthropic': {
      const { createAnthropic } = await import('@ai-sdk/anthropic')
      const { apiKey, authToken, baseUrl } = access.anthropic
      const credential = apiKey === undefined ? { authToken: authToken ?? '' } : { apiKey }
      return createAnthropic({ baseURL: versioned(baseUrl) ?? ANTHROPIC, ...credential })(model)
    }
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      const { apiKey = '', baseUrl = OPENAI } = access.openai
      return createOpenAI({ baseURL: baseUrl, apiKey }).responses(model)
    }
    case 'compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      const { endpointKey } = access.openai
      return createOpenAICompatible({
        name: 'compatible',
        baseURL: provider.url,
        includeUsage: true,
        ...(endpointKey === undefined ? {} : { apiKey: endpointKey }),
      })(model)
    }
  }
}

/** The variable names the server, as it does for Anthropic's own clients; the path of the version follows. */
function versioned(url: string | undefined): string | undefined {
  return url?.replace(/\/*(\/v1)?\/*$/, '/v1')
}
