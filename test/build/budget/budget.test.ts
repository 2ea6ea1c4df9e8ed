import { describe, expect, test } from 'vitest'
import { budgetOf } from '../../../build/budget/budget.ts'
import { servedSkills } from '../../../build/budget/served-skills.ts'
import { budgetText, overLimits } from '../../../build/budget/text.ts'
import { build } from '../../../build/pipeline.ts'
import { estimateTokens } from '../../../build/tokens.ts'
import { type Files, SEED, treeOf } from '../trees.ts'

const words = (count: number) => `${'word '.repeat(count)}\n`
const FILES: Files = {
  'agents/demo/seed.md': SEED,
  'agents/demo/long.md': `---\ntype: long\nflow: demo\nmodel: m\nskills: [plain, group]\n---\n${words(50)}`,
  'agents/demo/short.md': '---\ntype: short\nflow: demo\nmodel: m\n---\nDo it.\n',
  'shared/seed-contract.md': words(7),
  'shared/task-contract.md': words(30),
  'skills/plain/SKILL.md': `---\nname: plain\ndescription: Plain\n---\n${words(200)}`,
  'skills/plain/references/a.md': words(40),
  'skills/plain/scripts/run.sh': words(5),
  'skills/group/t.md': '# {display_name}\n',
  'skills/group/config.yaml': `template: t.md\ndescription: Group\npackaging: bundle\nvariants:\n${['a', 'b']
    .map(
      (id) =>
        `  - id: ${id}\n    display_name: ${id === 'a' ? 'A' : words(90).trim()}\n    framework: ${id}\n`,
    )
    .join('')}`,
}

function release(files: Files) {
  const built = build(treeOf(files))
  expect(built.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  if (built.release === undefined) throw new Error('nothing was built')
  return built.release
}

describe('budgetOf()', () => {
  const budget = budgetOf(release(FILES))

  test('counts what an agent reads of a skill, the dearest skill first', () => {
    const skills = servedSkills(release(FILES))
    const text = (id: string, path: string) =>
      new TextDecoder().decode(skills.find((skill) => skill.id === id)?.files.get(path))
    expect(budget.skills.map(({ skill }) => skill)).toEqual(['plain', 'group-b', 'group-a'])
    const main = estimateTokens(text('plain', 'SKILL.md'))
    const references = estimateTokens(text('plain', 'references/a.md'))
    expect(budget.skills[0]).toEqual({ skill: 'plain', main, references, total: main + references + 6 })
  })

  test('counts prompt, contract and pointers of a task; of variants, the longest', () => {
    const [long, short, seed] = ['long', 'short', 'seed'].map((name) =>
      budget.prompts.find(({ type }) => type === name),
    )
    expect(budget.prompts.map(({ total }) => total)).toEqual(
      budget.prompts.map(({ total }) => total).toSorted((a, b) => b - a),
    )
    expect(short).toMatchObject({ pointers: 0, reads: 0, contract: estimateTokens(words(30)) })
    expect(seed?.contract).toBe(estimateTokens(words(7)))
    const [plain, longest, other] = budget.skills
    expect(long?.reads).toBe((plain?.main ?? 0) + (longest?.main ?? 0))
    expect(longest?.main).toBeGreaterThan(other?.main ?? 0)
    expect(long?.pointers).toBeGreaterThan(20)
    expect(long?.total).toBe((long?.prompt ?? 0) + (long?.contract ?? 0) + (long?.pointers ?? 0))
  })

  test('a longer text never costs less', () => {
    const more = budgetOf(release({ ...FILES, 'shared/task-contract.md': words(31) }))
    for (const { type, total } of more.prompts) {
      const before = budget.prompts.find((prompt) => prompt.type === type)?.total ?? 0
      expect(total - before).toBe(type === 'seed' ? 0 : 1)
    }
  })
})

describe('budgetText()', () => {
  const budget = budgetOf(release(FILES))

  test('marks what goes over a limit, and only that', () => {
    const over = overLimits(budget, { maxSkill: 150, maxPrompt: 80 })
    expect(over).toEqual({ prompts: ['demo/long'], skills: ['plain'] })
    const lines = budgetText(budget, over).split('\n')
    expect(lines.filter((line) => line.startsWith('!')).map((line) => line.split('  ').at(-1))).toEqual([
      'demo/long',
      'plain',
    ])
    expect(lines.at(-2)).toBe('2 over budget, marked with "!"')
    const none = overLimits(budget, {})
    expect(none).toEqual({ prompts: [], skills: [] })
    expect(budgetText(budget, none)).not.toMatch(/^!|over budget/m)
  })
})
