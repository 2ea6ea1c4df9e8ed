import { AGENT_KEYS, type AgentFrontmatter, type AgentPrompt, agentPromptSchema } from './agent-prompt.ts'

/**
 * The served form of an agent prompt: between two `---` lines one `key: value` a line, lists as `[a, b]`,
 * no quotes, ` #` begins a comment. Every client reads this much; no client reads more.
 */
const LISTS = new Set(['skills', 'allowedTools', 'disallowedTools', 'dependsOn'])
const FLAGS = new Set(['seed', 'sink', 'runnerSeeded'])
const NUMBERS = new Set(['maxTurns', 'maxUsd'])
const FENCE = '---'

/** Writes a prompt in the served form, keys in the order of `AGENT_KEYS`. */
export function formatPrompt(frontmatter: AgentFrontmatter, body: string): string {
  const lines = AGENT_KEYS.flatMap((key) => {
    const value = frontmatter[key]
    if (value === undefined) return []
    return [`${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`]
  })
  return [FENCE, ...lines, FENCE, body].join('\n')
}

/**
 * Reads a prompt in the served form.
 *
 * @throws {SyntaxError} when the text is not in that form; the message begins with the line.
 */
export function parsePrompt(text: string): AgentPrompt {
  const lines = text.split('\n')
  const end = lines.indexOf(FENCE, 1)
  if (lines[0] !== FENCE) throw new SyntaxError(`line 1: Cannot read a prompt: expected "${FENCE}"`)
  if (end < 0) throw new SyntaxError(`line 1: Cannot read a prompt: no closing "${FENCE}"`)
  const values: Record<string, unknown> = { skills: [], allowedTools: [], disallowedTools: [], dependsOn: [] }
  const lineOf = new Map<string, number>()
  for (const [at, raw] of lines.slice(1, end).entries()) {
    const pair = readLine(raw, at + 2)
    if (pair === undefined) continue
    if (lineOf.has(pair.key)) throw new SyntaxError(`line ${at + 2}: Cannot read "${pair.key}" a second time`)
    lineOf.set(pair.key, at + 2)
    if ((AGENT_KEYS as readonly string[]).includes(pair.key)) values[pair.key] = readValue(pair, at + 2)
  }
  values.body = lines.slice(end + 1).join('\n')
  const prompt = agentPromptSchema.safeParse(values)
  if (prompt.success) return prompt.data
  const [issue] = prompt.error.issues
  const key = String(issue?.path[0] ?? 'body')
  throw new SyntaxError(`line ${lineOf.get(key) ?? 1}: Cannot read "${key}": ${issue?.message}`)
}

/** Why a text cannot stand as a value of the served form; undefined when it can. */
export function flatProblem(value: string): string | undefined {
  if (/[\n\r]/.test(value)) return 'it spans more than one line'
  if (value.trim() !== value || value === '') return 'it begins or ends with a space'
  if (value.startsWith('#') || /\s#/.test(value)) return 'a "#" after a space begins a comment there'
  if (value.startsWith('[')) return 'a "[" begins a list there'
  if (/^["']|["']$/.test(value)) return 'quotes at its ends are lost there'
  return undefined
}

interface Pair {
  readonly key: string
  readonly value: string
}

function readLine(raw: string, line: number): Pair | undefined {
  const text = withoutComment(raw).trim()
  if (text === '') return undefined
  const colon = text.indexOf(':')
  if (colon < 1 || raw.startsWith(' ')) {
    throw new SyntaxError(`line ${line}: Cannot read "${text}": expected "key: value"`)
  }
  return { key: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() }
}

function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(line.charAt(at - 1))) return line.slice(0, at)
  }
  return line
}

function readValue({ key, value }: Pair, line: number): unknown {
  if (FLAGS.has(key)) return value === 'true'
  if (NUMBERS.has(key)) return value === '' ? undefined : Number(value)
  if (!LISTS.has(key)) return value
  if (!value.startsWith('[') || !value.endsWith(']')) {
    throw new SyntaxError(`line ${line}: Cannot read "${key}": expected a list on one line, such as [a, b]`)
  }
  return value
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
