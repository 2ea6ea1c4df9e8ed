/** How many tokens a text is read as. */
export type Estimate = (text: string) => number

/**
 * An estimate of how many tokens a model reads a text as; no tokenizer is asked, so it is the same for every model.
 *
 * Within 15 % of the o200k and cl100k tokenizers for English prose, markdown and source code of 400 characters or
 * more, and within 40 % for other languages and scripts. Long runs that no dictionary holds, such as keys and
 * digests, cost more than it says.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const match of text.matchAll(RUNS)) {
    const kind = KINDS.findIndex((_, at) => match[at + 1] !== undefined)
    tokens += KINDS[kind]?.cost(match[0]) ?? 0
  }
  return Math.ceil(tokens)
}

interface Kind {
  readonly pattern: RegExp
  readonly cost: (run: string) => number
}

/** Every character of a text is part of a run of one of these kinds. */
const KINDS: readonly Kind[] = [
  { pattern: /\p{Script=Latin}+/u, cost: wordTokens },
  { pattern: /\p{N}+/u, cost: (run) => Math.ceil(run.length / 3) },
  {
    pattern: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/u,
    cost: (run) => run.length * 0.8,
  },
  { pattern: /\p{L}[\p{L}\p{M}]*/u, cost: (run) => Math.max(1, run.length / 3.2) },
  { pattern: /\n[ \t\n]*/u, cost: () => 0.75 },
  { pattern: /[ \t]{2,}/u, cost: () => 0.8 },
  // The space before a word belongs to the word.
  { pattern: /\s/u, cost: () => 0 },
  { pattern: /[!-/:-@[-`{-~]+/u, cost: (run) => Math.max(0.9, run.length / 3) },
  { pattern: /[\s\S]/u, cost: (run) => run.length * 0.8 },
]
const RUNS = new RegExp(KINDS.map(({ pattern }) => `(${pattern.source})`).join('|'), 'gu')
const CAMEL = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[^\p{Lu}]+/gu

/** A word of everyday length is one token, whatever it is; so is each part of a camelCase name. */
function wordTokens(word: string): number {
  let tokens = 0
  for (const [part] of word.matchAll(CAMEL)) tokens += 1 + Math.max(0, part.length - 8) / 5
  return tokens
}
