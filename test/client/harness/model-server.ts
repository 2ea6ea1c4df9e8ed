/** A model that follows a script, behind a real loopback server that speaks the Anthropic Messages API. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ModelTurn, streamMessage } from './model-stream.ts'
import { type Block, blocksOf, type MessagesBody, spoken, transcriptFault } from './transcript.ts'

/** What a provider does when it does not answer as it should. */
export type Fault =
  | { readonly status: number; readonly retryAfter?: number; readonly message?: string }
  /** Accepts the request and never answers. */
  | 'hang'
  /** Ends the connection in the middle of the answer. */
  | 'cut'
  /** Answers with something that is no answer. */
  | 'garbage'

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
    const body = await bodyOf(request)
    if (credentialOf(request) !== key) return sendError(response, { status: 401 })
    if (request.headers['anthropic-version'] === undefined)
      return refuse(response, 'anthropic-version missing')
    const fault = transcriptFault(body, signatures)
    if (fault !== undefined) return refuse(response, fault)
    const seen = seenBy(body, request)
    journal.push(seen)
    const given = await brain(seen)
    if ('fault' in given) return fail(response, given.fault)
    await streamMessage(response, { body, turn: given, signatures, n: journal.length })
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, String(error)))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    journal,
    refusals,
    strays,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function bodyOf(request: IncomingMessage): Promise<MessagesBody> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as MessagesBody
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
  response.writeHead(fault.status, {
    'content-type': 'application/json',
    ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
  })
  response.end(JSON.stringify({ type: 'error', error: { type, message: fault.message ?? type } }))
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === 'hang') return
  if (typeof fault === 'object') {
    sendError(response, fault)
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (fault === 'garbage') {
    response.end('event: nonsense\ndata: {"type":\n\n')
    return
  }
  response.write('event: message_start\n')
  setTimeout(() => response.destroy(), 20)
}
