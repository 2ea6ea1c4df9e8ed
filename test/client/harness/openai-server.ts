/** A model that follows a script, behind a real loopback server that speaks chat completions. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, type Fault, fail, loopback, sendJson } from './loopback.ts'
import type { ModelAnswer } from './model-server.ts'
import type { ModelTurn } from './model-stream.ts'

interface ChatCall {
  readonly id: string
  readonly type: string
  readonly function: { readonly name: string; readonly arguments: string }
}

interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string | null
  readonly tool_calls?: readonly ChatCall[]
  readonly tool_call_id?: string
}

interface ChatBody {
  readonly model: string
  readonly stream?: boolean
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly { readonly type: string; readonly function: { readonly name: string } }[]
  readonly reasoning_effort?: string
}

export interface ChatRequest {
  readonly body: ChatBody
  readonly headers: IncomingMessage['headers']
  readonly system: string
  /** Text of the first message of the user. */
  readonly prompt: string
  /** How many messages of its own the model is shown. */
  readonly turn: number
  /** Answers to the calls of the last turn. */
  readonly results: readonly string[]
}

export interface ChatServer {
  /** Ends with `/v1`. */
  readonly base: string
  readonly journal: readonly ChatRequest[]
  /** Why transcripts were refused; a sound harness leaves it empty. */
  readonly refusals: readonly string[]
  readonly close: () => Promise<void>
}

export interface ChatOptions {
  readonly brain: (request: ChatRequest) => ModelAnswer | Promise<ModelAnswer>
  /** Without one, nobody is asked for any. */
  readonly key?: string
  /** False for an endpoint that counts nothing. */
  readonly tellsUsage?: boolean
}

export async function chatServer(options: ChatOptions): Promise<ChatServer> {
  const journal: ChatRequest[] = []
  const refusals: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/v1/models') return void response.end('{"object":"list","data":[]}')
    const { key } = options
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      return sendError(response, { status: 401, message: `Incorrect key ${request.headers.authorization}` })
    }
    const body = await bodyOf<ChatBody>(request)
    const fault = transcriptFault(body)
    if (fault !== undefined) {
      refusals.push(fault)
      return sendError(response, { status: 400, message: fault })
    }
    const seen = seenBy(body, request)
    journal.push(seen)
    const given = await options.brain(seen)
    if ('fault' in given) return fail(response, given.fault, WIRE)
    stream(response, { body, turn: given, n: journal.length, tellsUsage: options.tellsUsage ?? true })
  }
  const server = await loopback(answer, (response, message) => {
    refusals.push(message)
    sendError(response, { status: 400, message })
  })
  return { ...server, base: `${server.base}/v1`, journal, refusals }
}

function seenBy(body: ChatBody, { headers }: IncomingMessage): ChatRequest {
  const first = (role: string) => body.messages.find((message) => message.role === role)?.content ?? ''
  const said = body.messages.filter(({ role }) => role === 'assistant')
  const last = body.messages.lastIndexOf(said.at(-1) ?? { role: 'system', content: null })
  const results = last < 0 ? [] : body.messages.slice(last + 1).map(({ content }) => content ?? '')
  return { body, headers, system: first('system'), prompt: first('user'), turn: said.length, results }
}

/** What OpenAI refuses to read: calls without an answer, answers without a call, arguments that are no JSON. */
function transcriptFault({ messages, tools = [] }: ChatBody): string | undefined {
  let open: readonly string[] = []
  for (const [at, message] of messages.entries()) {
    const fault = messageFault(message, open)
    if (fault !== undefined) return `messages.${at}: ${fault}`
    open = openAfter(message, open)
  }
  if (open.length > 0) return `tool_calls without an answer: ${open.join(', ')}`
  return tools.every(({ type }) => type === 'function') ? undefined : 'tools: expected functions'
}

function messageFault(message: ChatMessage, open: readonly string[]): string | undefined {
  const { role, content, tool_call_id = '' } = message
  if (role === 'tool') return open.includes(tool_call_id) ? undefined : `no call "${tool_call_id}" to answer`
  if (open.length > 0) return `tool_calls without an answer: ${open.join(', ')}`
  return role === 'user' && !content ? 'content is empty' : undefined
}

function openAfter({ role, tool_calls = [], tool_call_id }: ChatMessage, open: readonly string[]): string[] {
  if (role === 'tool') return open.filter((id) => id !== tool_call_id)
  for (const call of tool_calls) JSON.parse(call.function.arguments)
  return tool_calls.map(({ id }) => id)
}

interface Answer {
  readonly body: ChatBody
  readonly turn: ModelTurn
  readonly n: number
  readonly tellsUsage: boolean
}

function stream(response: ServerResponse, { body, turn, n, tellsUsage }: Answer): void {
  const { calls = [], usage } = turn
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (more: object) =>
    response.write(
      `data: ${JSON.stringify({ id: `chat_${n}`, object: 'chat.completion.chunk', created: 1, model: body.model, ...more })}\n\n`,
    )
  const delta = (piece: object) => send({ choices: [{ index: 0, delta: piece, finish_reason: null }] })
  delta({ role: 'assistant', content: turn.text ?? (calls.length === 0 ? 'That is all.' : null) })
  for (const [index, { tool, input }] of calls.entries()) {
    // A text is sent as it is, for arguments that are no JSON.
    const [head, tail] = halves(typeof input === 'string' ? input : JSON.stringify(input))
    const named = { id: `call_${n}_${index}`, type: 'function', function: { name: tool, arguments: head } }
    delta({ tool_calls: [{ index, ...named }] })
    delta({ tool_calls: [{ index, function: { arguments: tail } }] })
  }
  const usual = calls.length > 0 ? 'tool_calls' : 'stop'
  send({ choices: [{ index: 0, delta: {}, finish_reason: turn.stop ? STOPS[turn.stop] : usual }] })
  const prompt_tokens = usage?.input_tokens ?? 1000
  const completion_tokens = usage?.output_tokens ?? 100
  if (tellsUsage) send({ choices: [], usage: { prompt_tokens, completion_tokens, total_tokens: 0 } })
  response.end('data: [DONE]\n\n')
}

const STOPS = { max_tokens: 'length', refusal: 'content_filter' } as const

/** In two pieces, so that whoever reads has to put them together. */
function halves(text: string): readonly [string, string] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)]
}

function sendError(response: ServerResponse, fault: Exclude<Fault, string>): void {
  sendJson(response, fault, { error: { message: fault.message ?? 'error', type: 'error', code: null } })
}

const COUNTED = {
  ...{ id: 'chat_cut', object: 'chat.completion.chunk', created: 1, model: 'm' },
  choices: [{ index: 0, delta: { role: 'assistant', content: 'so '.repeat(200) }, finish_reason: null }],
  usage: {
    ...{ prompt_tokens: 740, completion_tokens: 3, total_tokens: 743 },
    prompt_tokens_details: { cached_tokens: 40 },
  },
}
const WIRE = {
  sendError,
  broken: 'data: {"id"',
  garbage: 'data: {"choices":\n\n',
  counted: `data: ${JSON.stringify(COUNTED)}\n\n`,
}
