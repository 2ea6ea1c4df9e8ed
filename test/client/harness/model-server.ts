/** A model that follows a script, behind a real loopback server that speaks the Anthropic Messages API. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { bodyOf, type Fault, fail, loopback, sendJson } from './loopback.ts'
import { type ModelTurn, streamMessage } from './model-stream.ts'
import { type Block, blocksOf, type MessagesBody, spoken, transcriptFault } from './transcript.ts'

export type ModelAnswer = ModelTurn | { readonly fault: Fault }

export interface ModelRequest {
  readonly body: MessagesBody
  readonly headers: IncomingMessage['headers']
  /** All of the system prompt. */
  readonly system: string
  /** Text of the first message. */
  readonly prompt: string
  /** How many messages of its own the model is shown: 0 in the first request of a conversation. */
  readonly turn: number
  /** Answers to the calls of the last turn, in the order of the calls. */
  readonly results: readonly { readonly ok: boolean; readonly text: string }[]
}

export interface ModelServer {
  readonly base: string
  /** Every request to the model, in order. */
  readonly journal: readonly ModelRequest[]
  /** Why transcripts were refused; a sound harness leaves it empty. */
  readonly refusals: readonly string[]
  /** Other things that were asked for, such as `HEAD /`. */
  readonly strays: readonly string[]
  readonly close: () => Promise<void>
}

export type Brain = (request: ModelRequest) => ModelAnswer | Promise<ModelAnswer>

export async function modelServer(brain: Brain, key = 'scripted-key'): Promise<ModelServer> {
  const journal: ModelRequest[] = []
  const refusals: string[] = []
  const strays: string[] = []
  const signatures = new Set<string>()
  const refuse = (response: ServerResponse, message: string) => {
    refusals.push(message)
    sendError(response, { status: 400, message })
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST' || !/^\/v1\/messages(\?|$)/.test(request.url ?? '')) {
      strays.push(`${request.method} ${request.url}`)
      return sendError(response, { status: 404, message: 'Not found' })
    }
    const body = await bodyOf<MessagesBody>(request)
    if (credentialOf(request) !== key) return sendError(response, { status: 401 })
    if (request.headers['anthropic-version'] === undefined)
      return refuse(response, 'anthropic-version missing')
    const fault = transcriptFault(body, signatures)
    if (fault !== undefined) return refuse(response, fault)
    const seen = seenBy(body, request)
    journal.push(seen)
    const given = await brain(seen)
    if ('fault' in given) return fail(response, given.fault, WIRE)
    await streamMessage(response, { body, turn: given, signatures, n: journal.length })
  }
  const server = await loopback(answer, refuse)
  return { ...server, journal, refusals, strays }
}

function credentialOf({ headers }: IncomingMessage): string | undefined {
  return headers['x-api-key']?.toString() ?? headers.authorization?.replace(/^Bearer /, '')
}

function seenBy(body: MessagesBody, { headers }: IncomingMessage): ModelRequest {
  const messages = spoken(body.messages)
  const assistant = messages.filter(({ role }) => role === 'assistant')
  const calls = blocksOf(assistant.at(-1)?.content ?? '').filter(({ type }) => type === 'tool_use')
  const results = blocksOf(messages.at(-1)?.content ?? '')
  return {
    body,
    headers,
    system: textOf(body.system ?? ''),
    prompt: textOf(messages[0]?.content ?? ''),
    turn: assistant.length,
    results: calls.map(({ id }) => {
      const found = results.find((block) => block.tool_use_id === id)
      return { ok: found?.is_error !== true, text: answerText(found?.content ?? '') }
    }),
  }
}

/** A tool's answer as it was, without what a program reminds its model of behind it. */
function answerText(content: string | readonly Block[]): string {
  const blocks = blocksOf(content)
  const own = blocks.filter(({ text = '' }) => !text.startsWith('<system-reminder>'))
  return own.length === blocks.length ? textOf(own) : textOf(own).replace(/\n$/, '')
}

function textOf(content: string | readonly Block[]): string {
  return blocksOf(content)
    .map(({ text = '' }) => text)
    .join('\n')
}

const ERRORS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

function sendError(response: ServerResponse, fault: Exclude<Fault, string>): void {
  const type = ERRORS[fault.status] ?? 'api_error'
  sendJson(response, fault, { type: 'error', error: { type, message: fault.message ?? type } })
}

const COUNTED = [
  {
    type: 'message_start',
    message: {
      ...{ id: 'msg_cut', type: 'message', role: 'assistant', model: 'm', content: [] },
      ...{ stop_reason: null, stop_sequence: null },
      usage: { input_tokens: 700, output_tokens: 3, cache_read_input_tokens: 40 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'so '.repeat(200) } },
]
const WIRE = {
  sendError,
  broken: 'event: message_start\n',
  garbage: 'event: nonsense\ndata: {"type":\n\n',
  counted: COUNTED.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
}
