import { type Estimate, estimateTokens } from '../../build/tokens.ts'
import { digestOf } from '../../schemas/digest.ts'

/** Estimates that are remembered; a tree of 10,000 documents has fewer. */
const MAX_REMEMBERED = 50_000

/** Estimates each text once: variants of a skill share most of theirs, and so do releases that come one after another. */
export function rememberedEstimates(): Estimate {
  const known = new Map<string, number>()
  return (text) => {
    const digest = digestOf(text)
    const tokens = known.get(digest) ?? estimateTokens(text)
    if (known.size >= MAX_REMEMBERED) known.clear()
    known.set(digest, tokens)
    return tokens
  }
}
