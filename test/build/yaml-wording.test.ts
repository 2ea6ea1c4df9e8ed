import { expect, test } from 'vitest'
import { composeYaml } from '../../build/yaml-document.ts'

function told(text: string): string[] {
  const messages: string[] = []
  composeYaml(text, (_, { message }) => messages.push(message))
  return messages
}

test.each([
  ['description: Use this: it works\n', 'expected quotes around a text that holds ": "'],
  ['a: b\n c: d\n', 'a second key begins inside this value'],
  ['a: "open\n', 'expected a closing "'],
  ["a: 'open\n", "expected a closing '"],
  ['a: [1, 2\n', 'expected "]"'],
  ['a: {b: 1\n', 'expected "}"'],
  ['a: [1]]\n', '"]" closes nothing'],
  ['a: {b: 1}}\n', '"}" closes nothing'],
  ['a: ["b" "c"]\n', 'expected a comma between them'],
  ['a: {b: 1 c: 2}\n', 'expected a comma, or quotes'],
  ['a: [{b: 1} {c: 2}]\n', 'words follow a value'],
  ['a:\n\t- b\n', 'expected spaces'],
  ['a: @x\n', 'a value begins with "@"'],
  ['a: `x`\n', 'a value begins with "`"'],
  ['a: %x\n', 'a value begins with "%"'],
  ['a: *\n', 'a value begins with "*"'],
  ['a: b\nc\n', 'expected "key: value"'],
  ['key:value\nb: 2\n', 'expected "key: value"'],
  ['a: "x" y\n', 'words follow a value that has ended'],
  ['a: "\\q"\n', '"\\\\q" stands for nothing'],
  ['a: |x\n', 'words follow "|" or ">"'],
  ['a: >\n\ttext\n', 'the text under "|" or ">" is not indented'],
  ['a: |\n  x\n y\n', 'expected the same column'],
  ['x: - a\n', 'expected "- " on the next line'],
  ['a:\n  - b\n  c\n', 'expected'],
  ['a: b\n---\nc: d\n', 'a second document begins here, expected one'],
])('composeYaml() says of %j what stands there and what was expected', (text, part) => {
  const [message, ...others] = told(text)
  expect(others).toEqual([])
  expect(message).toMatch(/^Cannot read YAML: [^.]*, expected /)
  expect(message).toContain(part)
  // Words of the grammar mean nothing to an author.
  expect(message).not.toMatch(/scalar|implicit|collection|token|mapping|indicator|flow/i)
})

test('composeYaml() says something of a mistake for which it has no words of its own', () => {
  expect(told('%a\n---\na: 1\n')).toEqual([expect.stringMatching(/, expected YAML 1\.2$/)])
})
