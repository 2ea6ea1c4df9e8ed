import { describe, expect, test } from 'vitest'
import { applyIgnores } from '../../../build/lint/ignore.ts'
import { build } from '../../../build/pipeline.ts'
import { digestOf } from '../../../schemas/digest.ts'
import { ALL, ATTACK, task, told, treeWith } from './served-tree.ts'

describe('waivers.yaml', () => {
  const waiver = (path: string, digest: string) =>
    `- {rule: safety/injection, path: ${path}, digest: ${digest}, reason: it quotes an attack}\n`
  const attacked = { ...ALL, 'skills/setup/t.md': `# Set up {display_name}\n\nWords such as "${ATTACK}".\n` }

  test('lets a text stand by rule, file and digest, wherever it is served', () => {
    const waived = { ...attacked, 'waivers.yaml': waiver('skills/setup/t.md', digestOf(ATTACK)) }
    expect(told(waived)).toEqual([])
    expect(build(treeWith(waived)).release?.index.skills.map(({ id }) => id)).toContain('setup-web')
  })

  test('holds for no other file, no other text and no other rule', () => {
    const elsewhere = { ...attacked, 'waivers.yaml': waiver('skills/setup/other.md', digestOf(ATTACK)) }
    expect(told(elsewhere)).toEqual([
      'skills/setup/t.md:3:16 safety/injection',
      'waivers.yaml:1:3 waivers/stale',
    ])
    const other = { ...attacked, 'waivers.yaml': waiver('skills/setup/t.md', digestOf('x')) }
    expect(told(other)).toHaveLength(2)
    const rule = {
      ...attacked,
      'waivers.yaml': waiver('skills/setup/t.md', digestOf(ATTACK)).replace('injection', 'secret'),
    }
    expect(told(rule)).toHaveLength(2)
  })

  test('has to give a reason', () => {
    const silent = waiver('skills/setup/t.md', digestOf(ATTACK)).replace(', reason: it quotes an attack', '')
    expect(told({ ...attacked, 'waivers.yaml': silent })).toEqual([
      'skills/setup/t.md:3:16 safety/injection',
      'waivers.yaml:1:3 validate/missing-key',
    ])
  })

  test('is asked by the digest that the finding tells', () => {
    const [finding] = build(treeWith(attacked)).diagnostics
    expect(finding?.fix?.description).toContain(digestOf(ATTACK))
  })
})

describe('mill-ignore', () => {
  const ODD = 'Pay with p\u0430ypal.'
  const NOTE = '<!-- mill-ignore safety/mixed-script: a name of our own -->'
  const at = (body: string, lines?: string) =>
    told({ ...ALL, 'agents/demo/task.md': task(body, `skills: [plain, setup]\n${lines ?? ''}`) })

  test.each([
    ['on its own line', `${ODD} ${NOTE}`],
    ['on the next line', `Go.\n\n${NOTE}\n${ODD}`],
    [
      'after another note',
      `Go.\n\n${NOTE}\n<!-- mill-ignore lint/skill-size: why -->\n${ODD}`.replace(
        '<!-- mill-ignore lint/skill-size: why -->',
        NOTE,
      ),
    ],
    ['anywhere, from under the frontmatter', `${NOTE}\n\n# A\n\n${ODD}\n\nB\n\n${ODD}`],
    ['over several lines', `Go.\n\n<!-- mill-ignore safety/mixed-script:\na name of our own -->\n${ODD}`],
  ])('silences a warning %s', (_, body) => {
    expect(at(body)).toEqual([])
  })

  test.each([
    ['two lines on', `Go.\n\n${NOTE}\n\n${ODD}`, 2],
    ['in a code fence', `Go.\n\n\`\`\`\n${NOTE}\n\`\`\`\n${ODD}`, 1],
    ['in a code span', `Go.\n\n\`${NOTE}\`\n${ODD}`, 1],
    ['before the note', `Go.\n${ODD}\n\n${NOTE}`, 2],
  ])('silences nothing %s', (_, body, count) => {
    expect(at(body)).toHaveLength(count)
  })

  test('works in frontmatter and in YAML, as a comment', () => {
    const body = task(
      'Do it.',
      'skills: [plain, setup]\n# mill-ignore lint/dear-model: it is hard\nmodel_sdk: claude-opus-5\n',
    )
    expect(told({ ...ALL, 'agents/demo/task.md': body })).toEqual([])
    expect(told({ ...ALL, 'agents/demo/task.md': body.replace(/# mill.*\n/, '') })).toEqual([
      'agents/demo/task.md:6:12 lint/dear-model',
    ])
    const config = `# mill-ignore lint/wizard-only-id: the old name\n${ALL['skills/setup/config.yaml'].replace('id: web', 'id: old_web')}`
    expect(told({ ...ALL, 'skills/setup/config.yaml': config })).toEqual([])
    expect(told({ ...ALL, 'skills/setup/config.yaml': config.replace(/^.*\n/, '') })).toEqual([
      'skills/setup/config.yaml:4:5 lint/wizard-only-id',
    ])
  })

  test('never silences an error, and says so', () => {
    expect(at(`<!-- mill-ignore safety/injection: I know -->\n${ATTACK}`)).toEqual([
      'agents/demo/task.md:7:1 ignore/error',
      'agents/demo/task.md:8:1 safety/injection',
    ])
  })

  test('never silences an error, even one that is a warning elsewhere', () => {
    const [source] = [
      {
        path: 'a.md',
        text: '<!-- mill-ignore fetch/changed: why -->\n',
        positionOf: () => ({ line: 1, column: 1 }),
      },
    ]
    const library = { paths: ['a.md'], text: () => source }
    const finding = { path: 'a.md', line: 1, column: 1, code: 'fetch/changed', message: 'm' } as const
    const severities = new Map([['fetch/changed', 'warning' as const]])
    const left = (severity: 'error' | 'warning') =>
      applyIgnores([{ ...finding, severity }], library, severities).map(({ code }) => code)
    expect(left('error')).toEqual(['fetch/changed', 'ignore/unused'])
    expect(left('warning')).toEqual([])
  })

  test('guesses the code that was meant', () => {
    const { diagnostics } = build(
      treeWith({ ...ALL, 'guide.md': '<!-- mill-ignore lint/dear-modle: why -->\n' }),
    )
    expect(diagnostics).toMatchObject([
      { code: 'ignore/unknown-code', fix: { replacement: 'lint/dear-model' } },
    ])
  })
})
