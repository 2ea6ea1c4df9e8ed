import { DEFAULT_SEED_CONTRACT, DEFAULT_TASK_CONTRACT } from '../compile/contracts.ts'
import { quote } from '../finding.ts'
import type { Rule } from './rule.ts'

/** So many words in a row are no chance. */
const ROW = 8

const task = (body: string) => ({
  'agents/demo/task.md': `---\ntype: task\nflow: demo\nmodel: m1\n---\n${body}\n`,
})

export const restatedContract: Rule = {
  code: 'lint/restated-contract',
  severity: 'warning',
  summary:
    'A prompt says again what the client tells every agent: who it is, and how it reports. The two will drift apart, and the agent pays for both.',
  ok: [{ files: task('## Goal\n\nAdd the provider. Your handoff names the file.') }],
  notOk: [
    {
      files: task('Add the provider.\n\nEnd with one call of `complete_task`: done, not-needed or failed.'),
      at: ['agents/demo/task.md:8:1'],
    },
    {
      files: task('You are an agent. You have no memory of earlier ones. Add it.'),
      at: ['agents/demo/task.md:6:1'],
    },
  ],
  check: ({ tree, memo }, tell) => {
    const rows = memo.of(
      contractRows,
      tree.shared('seed-contract') ?? DEFAULT_SEED_CONTRACT,
      tree.shared('task-contract') ?? DEFAULT_TASK_CONTRACT,
    )
    for (const { path, markdown } of tree.prompts) {
      const offset = memo.of(restatedAt, markdown.body, rows)
      if (offset === undefined) continue
      const line = markdown.body.slice(offset).split('\n', 1)[0]
      const message = `Cannot say ${quote(line)} here without saying it twice: the client tells every agent, expected only what this task adds`
      tell({ path, ...markdown.positionOf(markdown.bodyOffset + offset) }, { message })
    }
  },
}

/** Rows of words that the contracts say, by the first of them. */
type Rows = ReadonlyMap<string, readonly (readonly string[])[]>

function contractRows(...contracts: readonly string[]): Rows {
  const rows = contracts.flatMap((text) => {
    const words = wordsOf(text).map(({ word }) => word)
    return words.slice(ROW - 1).map((_, at) => words.slice(at, at + ROW))
  })
  return new Map(Map.groupBy(rows, ([first = '']) => first))
}

/** What no prompt has to say in its own words either. */
const PARAPHRASES = [
  /\b(?:end|finish|conclude|close) (?:with|by) (?:one |a )?(?:call(?:ing)? (?:of |to )?)?`?complete_task\b/i,
  /\b(?:call|use|invoke) `?complete_task`? (?:once|when|to (?:report|finish|end)|with)\b/i,
  /\byou are (?:an?|one) (?:ai |coding |task )?agent\b/i,
]

/** Where a body begins to say what one of the contracts says. */
function restatedAt(body: string, rows: Rows): number | undefined {
  const words = wordsOf(body)
  const says = (row: readonly string[], at: number) =>
    row.every((word, nth) => words[at + nth]?.word === word)
  const copied = words.find(({ word }, at) => rows.get(word)?.some((row) => says(row, at)))?.offset
  const said = PARAPHRASES.map((pattern) => body.search(pattern)).filter((offset) => offset >= 0)
  const offsets = copied === undefined ? said : [copied, ...said]
  return offsets.length === 0 ? undefined : Math.min(...offsets)
}

interface Word {
  readonly word: string
  readonly offset: number
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}_]+/gu)].map((match) => ({
    word: match[0].toLowerCase(),
    offset: match.index,
  }))
}
