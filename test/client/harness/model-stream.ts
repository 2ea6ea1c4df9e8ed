import type { ServerResponse } from 'node:http'
import type { Block, MessagesBody } from './transcript.ts'

/** A tool by its own name, such as `Write`; the server finds under which name it was offered. */
export interface ScriptedCall {
  readonly tool: string
  readonly input: unknown
}

export interface ModelTurn {
  readonly text?: string
  readonly calls?: readonly ScriptedCall[]
  readonly usage?: Partial<TurnUsage>
  /** Why the turn ended, when not for its calls or the lack of them. */
  readonly stop?: 'max_tokens' | 'refusal'
}

export interface TurnUsage {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cache_read_input_tokens: number
  readonly cache_creation_input_tokens: number
}

const DEFAULT_USAGE: TurnUsage = {
  input_tokens: 1000,
  output_tokens: 100,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
}

interface Answer {
  readonly body: MessagesBody
  readonly turn: ModelTurn
  /** Those of thinking blocks are added. */
  readonly signatures: Set<string>
  /** Number of the request; makes ids unique. */
  readonly n: number
}

/** Answers one request: as a stream of events, or whole where no stream was asked for. */
export async function streamMessage(response: ServerResponse, answer: Answer): Promise<void> {
  const { body, turn, n } = answer
  const content = contentOf(answer)
  const usage = { ...DEFAULT_USAGE, ...turn.usage }
  const stop_reason = turn.stop ?? ((turn.calls ?? []).length > 0 ? 'tool_use' : 'end_turn')
  const message = { id: `msg_${n}`, type: 'message', role: 'assistant', model: body.model }
  if (!body.stream) {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ...message, content, stop_reason, stop_sequence: null, usage }))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  const send = (type: string, more: object) =>
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`)
  const begun = { ...usage, output_tokens: 1 }
  send('message_start', {
    message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage: begun },
  })
  send('ping', {})
  for (const [index, block] of content.entries()) {
    const { empty, deltas } = piecesOf(block)
    send('content_block_start', { index, content_block: empty })
    for (const delta of deltas) send('content_block_delta', { index, delta })
    send('content_block_stop', { index })
  }
  send('message_delta', {
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  })
  send('message_stop', {})
  response.end()
}

function contentOf({ body, turn, signatures, n }: Answer): Block[] {
  const content: Block[] = []
  if (body.thinking?.type === 'enabled') {
    const signature = Buffer.from(`thought ${n}`).toString('base64')
    signatures.add(signature)
    content.push({ type: 'thinking', thinking: 'As the script says.', signature } as Block)
  }
  const calls = turn.calls ?? []
  const text = turn.text ?? (calls.length === 0 ? 'That is all.' : '')
  if (text !== '') content.push({ type: 'text', text })
  for (const [at, call] of calls.entries()) {
    content.push({
      type: 'tool_use',
      id: `toolu_${n}_${at}`,
      name: offeredName(call, body),
      input: call.input,
    })
  }
  return content
}

/** Tools of a server of the host carry a prefix. A tool that is not offered is called by its own name. */
function offeredName({ tool }: ScriptedCall, { tools = [] }: MessagesBody): string {
  return tools.find(({ name }) => name === tool || name.endsWith(`__${tool}`))?.name ?? tool
}

interface Pieces {
  readonly empty: object
  readonly deltas: readonly object[]
}

function piecesOf(block: Block & { readonly thinking?: string }): Pieces {
  switch (block.type) {
    case 'tool_use':
      return {
        empty: { ...block, input: {} },
        deltas: halves(JSON.stringify(block.input)).map((partial_json) => ({
          type: 'input_json_delta',
          partial_json,
        })),
      }
    case 'thinking':
      return {
        empty: { ...block, thinking: '', signature: '' },
        deltas: [
          { type: 'thinking_delta', thinking: block.thinking },
          { type: 'signature_delta', signature: block.signature },
        ],
      }
    default:
      return {
        empty: { ...block, text: '' },
        deltas: halves(block.text ?? '').map((text) => ({ type: 'text_delta', text })),
      }
  }
}

/** In two pieces, so that whoever reads has to put them together. */
function halves(text: string): string[] {
  const middle = Math.ceil(text.length / 2)
  return [text.slice(0, middle), text.slice(middle)].filter((part) => part !== '')
}
