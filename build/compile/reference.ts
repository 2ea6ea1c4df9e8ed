import type { Reference } from '../expanded.ts'
import { headingLine } from '../heading.ts'
import { authored, generated, type Piece, type Woven } from '../woven.ts'
import { yamlText } from './yaml-text.ts'

/** A reference file as served: `next_step` is gone from it, and where it leads is said in words. */
export function weaveReference(
  reference: Reference,
  context: { readonly references: readonly Reference[]; readonly preamble: string | undefined },
): Woven {
  if (reference.nextStep === undefined) return [authored(reference.text, 0)]
  const next = context.references.find(({ name }) => name === reference.nextStep)
  const head = generated('frontmatter', frontmatterOf(reference))
  if (next === undefined) return [head, ...bodyOf(reference, undefined)]
  const link = `\n\n---\n\nContinue with [${next.title}](${next.name}).\n`
  return [head, ...trimmedEnd(bodyOf(reference, context.preamble)), generated('link to the next step', link)]
}

/** Frontmatter is written anew, so that not a trace of `next_step` is left whatever style it was in. */
function frontmatterOf(reference: Reference): string {
  const lines = [
    ...(reference.hasTitle ? [`title: ${yamlText(reference.title)}`] : []),
    ...(reference.description === undefined ? [] : [`description: ${yamlText(reference.description)}`]),
  ]
  return lines.length === 0 ? '' : ['---', ...lines, '---', ''].join('\n')
}

function bodyOf({ text, body }: Reference, preamble: string | undefined): Piece[] {
  const start = text.length - body.length
  if (preamble === undefined) return [authored(body, start)]
  const told: Piece = { text: preamble, from: { kind: 'value', name: 'preamble' } }
  const gap = generated('space around the preamble', '\n\n')
  const end = headingLine(body)?.end
  return end === undefined
    ? [told, gap, authored(body, start)]
    : [authored(body.slice(0, end), start), gap, told, authored(body.slice(end), start + end)]
}

function trimmedEnd(pieces: readonly Piece[]): Piece[] {
  const [last, ...before] = [...pieces].reverse()
  if (last === undefined) return []
  const text = last.text.trimEnd()
  if (text === '') return trimmedEnd(before.reverse())
  return [...before.reverse(), { ...last, text }]
}
