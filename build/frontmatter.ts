import matter from 'gray-matter'
import { errorAt, type Finding, quote, type Report } from './finding.ts'
import { START } from './position.ts'
import type { Text } from './text.ts'

const FENCE = '---'
const MAX_BYTES = 16 * 1024
const MAX_LINES = 500

/** A text split at its frontmatter; offsets count from the start of the text. */
export interface Split {
  /** YAML between the fences; undefined when the text has no frontmatter. */
  readonly matter: string | undefined
  readonly matterOffset: number
  readonly body: string
  readonly bodyOffset: number
}

/** Splits frontmatter from body; undefined when a fence is not as it must be. */
export function splitFrontmatter(
  source: Text,
  presence: 'required' | 'optional',
  report: Report,
): Split | undefined {
  const { text } = source
  const refuse = (finding: Finding, offset = 0) => {
    report(errorAt({ path: source.path, ...source.positionOf(offset) }, finding))
    return undefined
  }
  const opening = openingProblem(text)
  if (opening !== undefined) return refuse(opening)
  if (!text.startsWith(`${FENCE}\n`) && text !== FENCE) {
    if (presence === 'optional') return { matter: undefined, matterOffset: 0, body: text, bodyOffset: 0 }
    const message = `Cannot find frontmatter: line ${START.line} is ${quote(text.split('\n', 1)[0])}, expected "${FENCE}"`
    return refuse({ code: 'parse/frontmatter-missing', message })
  }
  const close = text.indexOf(`\n${FENCE}`, FENCE.length)
  if (close < 0) {
    const message = `Cannot find the end of the frontmatter: expected a line "${FENCE}"`
    return refuse({ code: 'parse/frontmatter-unclosed', message })
  }
  const closing = text.slice(close + 1).split('\n', 1)[0] ?? ''
  if (closing !== FENCE) {
    const message = `Cannot end the frontmatter with ${quote(closing)}: expected exactly "${FENCE}"`
    const fix = { description: `Write "${FENCE}"`, replacement: FENCE }
    return refuse({ code: 'parse/frontmatter-close', message, fix }, close + 1)
  }
  const block = text.slice(0, close + 1 + FENCE.length)
  const [bytes, lines] = [Buffer.byteLength(block), block.split('\n').length]
  if (bytes > MAX_BYTES || lines > MAX_LINES) {
    const message = `Cannot read frontmatter of ${bytes} bytes in ${lines} lines: expected at most ${MAX_BYTES} bytes and ${MAX_LINES} lines`
    return refuse({ code: 'parse/frontmatter-size', message })
  }
  const bodyOffset = Math.min(text.length, block.length + 1)
  return { matter: yamlOf(block), matterOffset: FENCE.length, body: text.slice(bodyOffset), bodyOffset }
}

function openingProblem(text: string): Finding | undefined {
  if (!text.startsWith(FENCE) || text.startsWith(`${FENCE}\n`) || text === FENCE) return undefined
  const first = text.split('\n', 1)[0] ?? ''
  const language = first.slice(FENCE.length).trim()
  if (/^-*$/.test(language)) {
    const message = `Cannot read ${quote(first)} as the start of frontmatter: expected exactly "${FENCE}"`
    return { code: 'parse/frontmatter-open', message }
  }
  const message = `Cannot read frontmatter in the language ${quote(language)}: expected YAML between lines of exactly "${FENCE}"`
  return {
    code: 'parse/frontmatter-language',
    message,
    fix: { description: `Write "${FENCE}"`, replacement: FENCE },
  }
}

/** gray-matter sees the block alone, never a body, and none of its own engines. */
function yamlOf(block: string): string {
  return matter(block, { engines: ENGINES, language: 'yaml' }).matter
}

const refusal = {
  parse: (): never => {
    throw new Error('gray-matter was asked to run an engine: a fence has not been checked')
  },
}

/** Its defaults execute what they read; each name it knows is replaced. */
const ENGINES = {
  yaml: { parse: () => ({}) },
  yml: refusal,
  json: refusal,
  js: refusal,
  javascript: refusal,
  coffee: refusal,
  coffeescript: refusal,
  cson: refusal,
  toml: refusal,
}
