import type { AgentFrontmatter } from '../../schemas/agent-prompt.ts'
import { formatPrompt, parsePrompt } from '../../schemas/flat-prompt.ts'
import type { Prompt } from '../expanded.ts'

/**
 * The text of a prompt as clients read it. What its author wrote is kept to the byte where clients read
 * exactly that; a prompt with only `model` also gets `model_sdk`.
 */
export function compilePrompt({ frontmatter, markdown, body }: Prompt): string {
  const { model, model_pi, model_sdk } = frontmatter
  const needsModel = model !== undefined && model_pi === undefined && model_sdk === undefined
  if (needsModel) return formatPrompt({ ...frontmatter, model_sdk: model }, body)
  const written = markdown.text.slice(0, markdown.bodyOffset) + body
  return readsAs(written, frontmatter) ? written : formatPrompt(frontmatter, body)
}

/** True when a client that knows only the served form reads a text as its author meant it. */
function readsAs(text: string, frontmatter: AgentFrontmatter): boolean {
  try {
    const prompt = parsePrompt(text)
    return Object.entries(frontmatter).every(
      ([key, value]) => JSON.stringify(prompt[key as keyof AgentFrontmatter]) === JSON.stringify(value),
    )
  } catch {
    return false
  }
}
