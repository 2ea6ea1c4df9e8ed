import type { Example } from '../../../build/lint/rule.ts'
import type { SourceTree } from '../../../build/release.ts'
import { SEED, SKILL, TASK, treeOf } from '../trees.ts'

/** What every example is laid over: a flow of two tasks, one of which uses a skill. */
const BASE: Readonly<Record<string, string>> = {
  'agents/demo/seed.md': SEED,
  'agents/demo/task.md': TASK,
  'agents/demo/user.md': TASK.replace('type: task', 'type: user').replace(
    '---\nDo',
    'skills: [plain]\n---\nDo',
  ),
  'skills/plain/SKILL.md': SKILL,
}

export function exampleTree({ files }: Example): SourceTree {
  const written = Object.entries({ ...BASE, ...files }).filter(
    (file): file is [string, string] => file[1] !== undefined,
  )
  return treeOf(Object.fromEntries(written))
}
