/** What an author reads of a mistake that the YAML parser found: what stands there, and what was expected. */
export function yamlWording(code: string, message: string): string {
  if (code === 'TAG_RESOLVE_FAILED') return 'tags are not supported, expected a plain value'
  const first = (message.split('\n', 1)[0] ?? '').replace(/[.:]$/, '')
  for (const [pattern, words] of WORDINGS) {
    const match = pattern.exec(first)
    if (match !== null) return words(match[1] ?? '')
  }
  return `${first}, expected YAML 1.2`
}

/** How the parser begins to say it, and how it is said to somebody who knows no grammar. */
const WORDINGS: readonly (readonly [RegExp, (part: string) => string])[] = [
  [
    /^Nested mappings/,
    () => 'a second key begins inside this value, expected quotes around a text that holds ": "',
  ],
  [/^Missing closing (["'])/, (mark) => `a text in quotes does not end, expected a closing ${mark}`],
  [/^Flow \w+ in .*(\S)$/, (end) => `what an opening bracket begins does not end, expected "${end}"`],
  [/^Tabs are not allowed/, () => 'a tab indents this line, expected spaces'],
  [
    /^Plain value cannot start with .*?(\S)$/,
    (sign) => `a value begins with ${JSON.stringify(sign)}, expected it in quotes`,
  ],
  [/^Alias cannot be an empty/, () => 'a value begins with "*", expected it in quotes'],
  [/^Implicit (?:map )?keys/, () => 'this line is no key with a value, expected "key: value"'],
  [
    /^Unexpected \S+ at node end/,
    () => 'words follow a value that has ended, expected a new line, or quotes around all of it',
  ],
  [
    /^Invalid escape sequence (.*)$/,
    (written) => `${JSON.stringify(written)} stands for nothing, expected another escape, or single quotes`,
  ],
  [/^Block scalar header/, () => 'words follow "|" or ">", expected them on the next line'],
  [
    /^Block scalar values/,
    () => 'the text under "|" or ">" is not indented, expected it further right than its key',
  ],
  [
    /^All \w+ items must start at the same column/,
    () => 'this line begins in another column than those it belongs to, expected the same column',
  ],
  [/^Sequence item without/, () => 'this line is no item of the list, expected "- " before it'],
  [
    /^Unexpected block-seq-ind on same line/,
    () => 'a list begins on the line of its key, expected "- " on the next line',
  ],
  [/^Unexpected flow-\w+-end token.*(\S)"$/, (end) => `"${end}" closes nothing, expected no bracket here`],
  [
    /^Block collections are not allowed within/,
    () =>
      'a key stands inside brackets where none can, expected a comma, or quotes around a text that holds ": "',
  ],
  [/^Missing , /, () => 'two items stand side by side, expected a comma between them'],
]
