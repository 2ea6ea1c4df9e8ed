/** What the Anthropic Messages API refuses to read, as it would: a reason, or nothing. */

export interface Block {
  readonly type: string
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
  readonly text?: string
  readonly tool_use_id?: string
  readonly content?: string | readonly Block[]
  readonly is_error?: boolean
  readonly signature?: string
}

export interface Message {
  readonly role: string
  readonly content: string | readonly Block[]
}

export interface MessagesBody {
  readonly model: string
  readonly max_tokens: number
  readonly stream?: boolean
  readonly system?: string | readonly Block[]
  readonly messages: readonly Message[]
  readonly tools?: readonly { readonly name: string; readonly input_schema?: { readonly type?: string } }[]
  readonly thinking?: { readonly type: string; readonly budget_tokens?: number }
  readonly output_config?: { readonly effort?: string }
}

/** `signatures` are those of the thinking blocks this server has made. */
export function transcriptFault(body: MessagesBody, signatures: ReadonlySet<string>): string | undefined {
  const fault = requestFault(body) ?? toolsFault(body.tools ?? [])
  if (fault !== undefined) return fault
  const messages = spoken(body.messages)
  return orderFault(messages) ?? toolUseFault(messages) ?? thinkingFault({ ...body, messages }, signatures)
}

/** Without remarks of the system, which newer models take behind a message of the user. */
export function spoken(messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ role }, at) => role !== 'system' || messages[at - 1]?.role !== 'user')
}

function requestFault({ model, max_tokens, messages, thinking }: MessagesBody): string | undefined {
  if (typeof model !== 'string' || model === '') return 'model: Field required'
  if (!Number.isInteger(max_tokens) || max_tokens < 1) return 'max_tokens: expected a whole number from 1'
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required'
  const budget = thinking?.budget_tokens ?? 0
  return budget >= max_tokens ? '`max_tokens` must be greater than `thinking.budget_tokens`' : undefined
}

function toolsFault(tools: NonNullable<MessagesBody['tools']>): string | undefined {
  const names = tools.map(({ name }) => name)
  if (new Set(names).size < names.length) return 'tools: Tool names must be unique.'
  const odd = tools.find(
    ({ name, input_schema }) => !/^[a-zA-Z0-9_-]{1,128}$/.test(name) || input_schema?.type !== 'object',
  )
  return odd && `tools: "${odd.name}" has no usable name or its input_schema is no object`
}

function orderFault(messages: readonly Message[]): string | undefined {
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role'
  if (messages.at(-1)?.role !== 'user') return 'messages: the conversation must end with a user message'
  const empty = messages.findIndex(
    ({ content }) =>
      content.length === 0 || blocksOf(content).some(({ type, text }) => type === 'text' && !text?.trim()),
  )
  return empty < 0 ? undefined : `messages.${empty}: text content blocks must be non-empty`
}

/** Each `tool_use` is answered in the very next message, before any text there, and nothing else is. */
function toolUseFault(messages: readonly Message[]): string | undefined {
  const seen = new Set<string>()
  let open: readonly string[] = []
  for (const [at, { role, content }] of messages.entries()) {
    const blocks = blocksOf(content)
    const fault = resultsFault(blocks, open)
    if (fault !== undefined) return `messages.${at}: ${fault}`
    open = blocks.filter(({ type }) => type === 'tool_use').map(({ id = '' }) => id)
    if (open.length > 0 && role !== 'assistant') return `messages.${at}: only the assistant uses tools`
    if (open.some((id) => id === '' || seen.has(id))) return `messages.${at}: \`tool_use\` ids must be unique`
    for (const id of open) seen.add(id)
  }
  return undefined
}

function resultsFault(blocks: readonly Block[], open: readonly string[]): string | undefined {
  const answered = blocks.filter(({ type }) => type === 'tool_result').map((block) => block.tool_use_id ?? '')
  const missing = open.filter((id) => !answered.includes(id))
  if (missing.length > 0) return `\`tool_use\` ids without \`tool_result\` blocks: ${missing.join(', ')}`
  const strange = answered.filter((id) => !open.includes(id))
  if (strange.length > 0) return `unexpected \`tool_use_id\` in \`tool_result\`: ${strange.join(', ')}`
  if (new Set(answered).size < answered.length) return 'each `tool_use` must have a single result'
  const late = blocks.slice(0, answered.length).some(({ type }) => type !== 'tool_result')
  return late ? '`tool_result` blocks must come first' : undefined
}

/** While thinking is on, the message whose tools are being answered starts with its own, untouched thinking. */
function thinkingFault(
  { messages, thinking }: MessagesBody,
  signatures: ReadonlySet<string>,
): string | undefined {
  const thoughts = messages
    .flatMap(({ content }) => blocksOf(content))
    .filter(({ type }) => type === 'thinking')
  if (thoughts.some(({ signature = '' }) => !signatures.has(signature))) {
    return 'Invalid `signature` in `thinking` block'
  }
  const last = blocksOf(messages.findLast(({ role }) => role === 'assistant')?.content ?? '')
  const usesTools = last.some(({ type }) => type === 'tool_use')
  const wrong = thinking?.type === 'enabled' && usesTools && !/thinking$/.test(last[0]?.type ?? '')
  return wrong ? 'Expected `thinking` or `redacted_thinking`, but found `tool_use`' : undefined
}

export function blocksOf(content: string | readonly Block[]): readonly Block[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}
