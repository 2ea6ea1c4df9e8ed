import { Composer, type CST, type Document, Lexer, type Node, Parser } from 'yaml'
import type { Finding } from './finding.ts'
import { tooDeepAt } from './yaml-nesting.ts'
import { yamlWording } from './yaml-wording.ts'

/** Levels of the deepest value that is read. */
export const MAX_DEPTH = 8
/** The parser takes a time for each word and mark of a text, however short they are. */
const MAX_PARTS = 150_000
/** The parser takes much longer to find a mistake than to read on. */
const MAX_MISTAKES = 20

/** Takes what is wrong at an offset of the text. */
export type Refuse = (offset: number, finding: Finding) => void

/** Parses a text as one YAML document; undefined after telling why it is none, or when it is empty. */
export function composeYaml(text: string, refuse: Refuse): Node | undefined {
  const deep = tooDeepAt(text)
  if (deep !== undefined) {
    refuse(deep, tooDeep())
    return undefined
  }
  if (hasTooManyParts(text)) {
    const message = `Cannot read YAML of more than ${MAX_PARTS} words and marks: expected a shorter text, or several files`
    refuse(0, { code: 'parse/yaml-size', message })
    return undefined
  }
  const { document, mistakes } = compose(text)
  // What follows the first mistake is mostly an echo of it.
  const [first] = mistakes.sort((a, b) => a.offset - b.offset)
  if (first === undefined) return document?.contents ?? undefined
  const message = `Cannot read YAML: ${first.wording}`
  refuse(Math.min(first.offset, text.length), { code: 'parse/yaml', message })
  return undefined
}

/** The finding for a value that nests too deep. */
export function tooDeep(): Finding {
  return {
    code: 'parse/yaml-depth',
    message: `Cannot read YAML that nests deeper than ${MAX_DEPTH} levels: expected a flatter value`,
  }
}

function hasTooManyParts(text: string): boolean {
  if (text.length < MAX_PARTS) return false
  let parts = 0
  for (const _ of new Lexer().lex(text)) if (++parts > MAX_PARTS) return true
  return false
}

interface Mistake {
  readonly offset: number
  readonly wording: string
}

interface Composed {
  readonly document: Document.Parsed | undefined
  readonly mistakes: Mistake[]
}

function compose(text: string): Composed {
  const composer = new Composer(OPTIONS)
  const mistakes = noting(composer)
  try {
    const [document, second] = composer.compose(untilError(new Parser().parse(text)), true, text.length)
    if (document === undefined) return { document, mistakes }
    const told = [...document.errors, ...document.warnings]
    const found = told.map(({ pos, code, message }) => ({
      offset: pos[0],
      wording: yamlWording(code, message),
    }))
    if (second !== undefined) {
      found.push({ offset: second.range[0], wording: 'a second document begins here, expected one' })
    }
    return { document, mistakes: found }
  } catch (error) {
    if (!(error instanceof EnoughMistakes)) throw error
    return { document: undefined, mistakes }
  }
}

/** Mistakes of which the first is enough to tell. */
class EnoughMistakes extends Error {}

/**
 * Makes a composer stop after a few mistakes; it would go on to the end of the text. Were it to change the name of
 * what it tells them with, all would be as without this, and the test of hostile texts would say so.
 */
function noting(composer: Composer): Mistake[] {
  const mistakes: Mistake[] = []
  const tell = Reflect.get(composer, 'onError')
  Reflect.set(composer, 'onError', (source: Source, ...said: readonly [code: string, message: string]) => {
    mistakes.push({ offset: offsetOf(source), wording: yamlWording(...said) })
    if (mistakes.length > MAX_MISTAKES) throw new EnoughMistakes()
    tell(source, ...said)
  })
  return mistakes
}

type Source = number | readonly [number, number] | { readonly offset: number }

function offsetOf(source: Source): number {
  if (typeof source === 'number') return source
  return 'offset' in source ? source.offset : source[0]
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  strict: true,
  // Its own check compares each key with each other one; the reader of the values keeps a set.
  uniqueKeys: false,
  prettyErrors: false,
} as const

/** One mistake is enough: a megabyte of nonsense would else become a million errors. */
function* untilError(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  for (const token of tokens) {
    yield token
    if (token.type === 'error') return
  }
}
