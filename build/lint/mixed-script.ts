import { codePoint } from '../../schemas/hidden-text.ts'
import { quote } from '../finding.ts'
import { LOOK_ALIKES } from './look-alikes.ts'
import type { Rule } from './rule.ts'

const FOREIGN = /[\u0370-\u03ff\u0400-\u052f]/
const WORD = /[\p{L}\p{M}]{4,}/gu
const LATIN = /\p{Script=Latin}/u
const OTHER = /[\p{Script=Greek}\p{Script=Cyrillic}]/u

export const mixedScript: Rule = {
  code: 'safety/mixed-script',
  severity: 'warning',
  summary:
    'A word mixes Latin letters with Greek or Cyrillic ones that look the same. Readers take it for another word than programs do.',
  ok: [
    {
      files: {
        'agents/demo/task.md':
          '---\ntype: task\nflow: demo\nmodel: m1\n---\nSay hello, or привет, within 3 μs.\n',
      },
    },
  ],
  notOk: [
    {
      files: {
        'agents/demo/task.md': '---\ntype: task\nflow: demo\nmodel: m1\n---\nPay with p\u0430ypal.\n',
      },
      at: ['agents/demo/task.md:6:10'],
    },
  ],
  check: ({ sources }, tell) => {
    for (const { path, text, positionOf } of sources.values()) {
      if (!FOREIGN.test(text)) continue
      for (const { 0: word, index } of text.matchAll(WORD)) {
        const [odd] = [...word].filter(
          (letter) => OTHER.test(letter) && LOOK_ALIKES.has(letter.toLowerCase()),
        )
        if (odd === undefined || !LATIN.test(word)) continue
        const message = `Cannot tell ${quote(word)} from a Latin word: expected one script, and it holds ${codePoint(odd)}`
        tell({ path, ...positionOf(index) }, { message })
      }
    }
  },
}
