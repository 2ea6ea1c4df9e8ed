/** How a source file is written, so that what is added looks like what is there. */
export interface Style {
  readonly quote: '"' | "'"
  readonly semicolon: '' | ';'
  readonly indent: string
  readonly eol: '\n' | '\r\n'
}

/** The style of a text, told from its imports and its first indented line. */
export function styleOf(text: string): Style {
  const specifier = /\b(?:from|require\()\s*(['"])/.exec(text) ?? /(['"])/.exec(text)
  return {
    quote: specifier?.[1] === '"' ? '"' : "'",
    semicolon: /;[ \t]*\r?$/m.test(text) ? ';' : '',
    indent: /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ',
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}

const IMPORT = /^import\s(?:[^'"]*?\sfrom\s*)?['"]([^'"\n]+)['"];?[ \t]*\r?\n/gm
const REQUIRE = /^(?:const|let|var)\s[^=\n]+=\s*require\(['"]([^'"\n]+)['"]\);?[ \t]*\r?\n/gm

/** The text with an import among its imports; as it was when the module is imported already. */
export function withImport(text: string, { binding, from }: { binding: string; from: string }): string {
  const { quote, semicolon, eol } = styleOf(text)
  const found = [...text.matchAll(IMPORT)]
  if (found.some((match) => match[1] === from)) return text
  const line = `import ${binding} from ${quote}${from}${quote}${semicolon}${eol}`
  return insertAt(text, line, placeAmong(found, from) ?? afterDirectives(text))
}

/** The same for a CommonJS file. */
export function withRequire(text: string, { binding, from }: { binding: string; from: string }): string {
  const { quote, semicolon, eol } = styleOf(text)
  const found = [...text.matchAll(REQUIRE)]
  if (found.some((match) => match[1] === from)) return text
  const line = `const ${binding} = require(${quote}${from}${quote})${semicolon}${eol}`
  return insertAt(text, line, placeAmong(found, from) ?? afterDirectives(text))
}

/** In front of the first import that sorts behind it, among those of its kind; else behind the last of its kind. */
function placeAmong(found: readonly RegExpExecArray[], from: string): number | undefined {
  const own = found.filter((match) => isLocal(match[1] ?? '') === isLocal(from))
  const next = own.find((match) => (match[1] ?? '') > from)
  if (next) return next.index
  const last = own.at(-1)
  if (last) return last.index + last[0].length
  const [first] = found
  if (!first) return undefined
  const end = found.at(-1) ?? first
  return isLocal(from) ? end.index + end[0].length : first.index
}

function isLocal(specifier: string): boolean {
  return /^[.@#~]\/|^\.\.?/.test(specifier)
}

function afterDirectives(text: string): number {
  return /^(?:#![^\n]*\n)?(?:\s*(['"])use [a-z]+\1;?[ \t]*\r?\n)*(?:[ \t]*\r?\n)*/.exec(text)?.[0].length ?? 0
}

function insertAt(text: string, inserted: string, index: number): string {
  return text.slice(0, index) + inserted + text.slice(index)
}
