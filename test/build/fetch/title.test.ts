import { expect, test } from 'vitest'
import { titleOf } from '../../../build/fetch/title.ts'

test.each([
  ['# Install', 'Install'],
  ['Text\n\n## Install the *SDK*\n# Later', 'Install the *SDK*'],
  ['---\ntitle: "From above"\n---\n# Heading', 'From above'],
  ['---\nother: x\n---\n# Heading', 'Heading'],
  ['---\n# no end of it', 'no end of it'],
  ['```sh\n# a comment\n```\n~~~\n```\n# another\n~~~\n# Heading', 'Heading'],
  ['#hashtag\n#\n# ', undefined],
  ['---\ntitle:\n---\n', undefined],
])('titleOf(%j) is %j', (text, title) => {
  expect(titleOf(text)).toBe(title)
})
