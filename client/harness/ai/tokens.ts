import { z } from 'zod'

/** What one request took. */
export interface Tokens {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

interface SdkUsage {
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
  readonly inputTokenDetails: {
    readonly noCacheTokens: number | undefined
    readonly cacheReadTokens: number | undefined
    readonly cacheWriteTokens: number | undefined
  }
}

/** What the SDK tells at the end of an answer; undefined when its provider did not. */
export function tokensOf({ inputTokens, outputTokens, inputTokenDetails }: SdkUsage): Tokens | undefined {
  if (inputTokens === undefined || outputTokens === undefined) return undefined
  const { cacheReadTokens: cacheRead = 0, cacheWriteTokens: cacheWrite = 0 } = inputTokenDetails
  const input = inputTokenDetails.noCacheTokens ?? inputTokens - cacheRead - cacheWrite
  return { input, output: outputTokens, cacheRead, cacheWrite }
}

const count = z.int().min(0)
const ofMessages = z.object({
  input_tokens: count.nullish(),
  output_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  cache_creation_input_tokens: count.nullish(),
})
const ofChat = z.object({
  prompt_tokens: count,
  completion_tokens: count.default(0),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
})
/** A piece of an answer of Anthropic that tells of tokens. */
const messagePiece = z.union([
  z.object({ type: z.literal('message_start'), message: z.object({ usage: ofMessages }) }),
  z.object({ type: z.literal('message_delta'), usage: ofMessages }),
])
/** A piece of a chat completion that does. */
const chatPiece = z.object({ choices: z.array(z.unknown()), usage: ofChat })

/** What a provider has told up to a piece of its answer, `before` being what it had told until then. */
export function toldIn(piece: unknown, before: Tokens | undefined): Tokens | undefined {
  const chat = chatPiece.safeParse(piece).data
  if (chat !== undefined) {
    const { prompt_tokens, completion_tokens, prompt_tokens_details } = chat.usage
    const cacheRead = Math.min(prompt_tokens, prompt_tokens_details?.cached_tokens ?? 0)
    return { input: prompt_tokens - cacheRead, output: completion_tokens, cacheRead, cacheWrite: 0 }
  }
  const { data } = messagePiece.safeParse(piece)
  if (data === undefined) return before
  const usage = data.type === 'message_start' ? data.message.usage : data.usage
  return {
    input: usage.input_tokens ?? before?.input ?? 0,
    output: usage.output_tokens ?? before?.output ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? before?.cacheRead ?? 0,
    cacheWrite: usage.cache_creation_input_tokens ?? before?.cacheWrite ?? 0,
  }
}
