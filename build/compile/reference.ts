import type { Reference } from '../expanded.ts'
import { headingLine } from '../heading.ts'
import { yamlText } from './yaml-text.ts'

/** A reference file as served: `next_step` is gone from it, and where it leads is said in words. */
export function compileReference(
  reference: Reference,
  context: { readonly references: readonly Reference[]; readonly preamble: string | undefined },
): string {
  if (reference.nextStep === undefined) return reference.text
  const next = context.references.find(({ name }) => name === reference.nextStep)
  const body =
    next === undefined
      ? reference.body
      : `${withPreamble(reference.body, context.preamble).trimEnd()}\n\n---\n\nContinue with [${next.title}](${next.name}).\n`
  return frontmatterOf(reference) + body
}

/** Frontmatter is written anew, so that not a trace of `next_step` is left whatever style it was in. */
function frontmatterOf(reference: Reference): string {
  const lines = [
    ...(reference.hasTitle ? [`title: ${yamlText(reference.title)}`] : []),
    ...(reference.description === undefined ? [] : [`description: ${yamlText(reference.description)}`]),
  ]
  return lines.length === 0 ? '' : ['---', ...lines, '---', ''].join('\n')
}

function withPreamble(body: string, preamble: string | undefined): string {
  if (preamble === undefined) return body
  const end = headingLine(body)?.end
  return end === undefined
    ? `${preamble}\n\n${body}`
    : `${body.slice(0, end)}\n\n${preamble}${body.slice(end)}`
}
