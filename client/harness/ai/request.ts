import type {
  AssistantModelMessage,
  FinishReason,
  LanguageModel,
  ModelMessage,
  TextStreamPart,
  ToolSet,
} from 'ai'
import type { Effort } from '../../../schemas/agent-prompt.ts'
import type { HostTool, ToolCall } from '../harness.ts'
import { type Tokens, tokensOf, toldIn } from './tokens.ts'

export interface Request {
  readonly model: LanguageModel
  readonly effort?: Effort
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly HostTool[]
  readonly signal: AbortSignal
  /** Told what the model says and thinks, a piece at a time. */
  readonly onText: (text: string) => void
  /** Told what the provider has counted so far, whenever it tells of that before the end. */
  readonly onTokens: (tokens: Tokens) => void
}

/** A call the model asks for. Its input is text where that was not JSON. */
export interface AskedCall extends ToolCall {
  readonly id: string
}

/** A turn of the model. */
export interface Turn {
  readonly messages: readonly AssistantModelMessage[]
  readonly calls: readonly AskedCall[]
  /** Undefined when the provider does not tell. */
  readonly tokens: Tokens | undefined
  /** Why the model stopped where it did. */
  readonly finish: FinishReason
}

/** Characters of a text that are told at once. */
const PIECE = 400

/**
 * One request and its whole answer. The SDK runs no tool and repeats nothing: both are ours.
 * @throws whatever the provider answered instead
 */
export async function ask(request: Request): Promise<Turn> {
  const { streamText } = await import('ai')
  // It would write to the terminal, in the middle of what a run draws there.
  globalThis.AI_SDK_LOG_WARNINGS = false
  const { model, effort, system, messages, signal, onText, onTokens } = request
  const answer = streamText({
    model,
    system,
    messages: [...messages],
    tools: await toolSet(request.tools),
    maxRetries: 0,
    abortSignal: signal,
    // The SDK tells of tokens at the end alone; providers do so before.
    includeRawChunks: true,
    // Without a listener of its own the SDK writes errors to the console.
    onError: () => undefined,
    ...(effort === undefined ? {} : { reasoning: effort === 'off' ? 'none' : effort }),
    providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } }, openai: { store: false } },
  })
  const calls: AskedCall[] = []
  const said = pieces(onText)
  const count = counter(onTokens)
  let ended: Pick<Turn, 'tokens' | 'finish'> | undefined
  for await (const part of answer.fullStream) {
    if (part.type === 'error') throw part.error
    said(part)
    count(part)
    if (part.type === 'tool-call') calls.push({ id: part.toolCallId, tool: part.toolName, input: part.input })
    if (part.type === 'finish-step') ended = { finish: part.finishReason, tokens: tokensOf(part.usage) }
  }
  if (!ended) throw new Error('The answer of the model broke off')
  const history = (await answer.response).messages.filter(isFromModel)
  return { messages: history, calls, ...ended }
}

/** Finds what a provider counts in the pieces of its answer, and tells whenever that has changed. */
function counter(onTokens: (tokens: Tokens) => void): (part: TextStreamPart<ToolSet>) => void {
  let counted: Tokens | undefined
  return (part) => {
    if (part.type !== 'raw') return
    const told = toldIn(part.rawValue, counted)
    if (told !== undefined && told !== counted) onTokens(told)
    counted = told
  }
}

/** Gathers what is said and thought, and tells it piece by piece. */
function pieces(onText: (text: string) => void): (part: TextStreamPart<ToolSet>) => void {
  let said = ''
  return (part) => {
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') said += part.text
    const isWhole = part.type === 'text-end' || part.type === 'reasoning-end' || said.length >= PIECE
    if (!isWhole || said === '') return
    onText(said)
    said = ''
  }
}

/** What the SDK answers to calls it cannot read is left out: every call gets its answer from us. */
function isFromModel(message: ModelMessage): message is AssistantModelMessage {
  return message.role === 'assistant'
}

async function toolSet(tools: readonly HostTool[]): Promise<ToolSet> {
  const { jsonSchema, tool } = await import('ai')
  return Object.fromEntries(
    tools.map(({ name, description, input }) => [
      name,
      tool({ description, inputSchema: jsonSchema(input) }),
    ]),
  )
}
