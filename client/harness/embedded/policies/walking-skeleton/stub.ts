import { relative, sep } from 'node:path'
import { write } from '../../agent.ts'
import type { Rule } from '../../rule.ts'

/** Stands in for every task of the walking skeleton: leaves a marker in the run folder and touches nothing else. */
export const stub: Rule = {
  goal: 'Prove that this task ran, and touch nothing in the project',
  follow: async (tools) => {
    const { by, type, runFolder } = tools.subject
    const marker = `${relative(tools.cwd, runFolder).split(sep).join('/')}/markers/${by}-${type}.txt`
    await write(tools, marker, `${by} ${type}\n`)
    return {
      status: 'done',
      did: `Wrote the marker of ${type}`,
      forNextAgent: 'Nothing in the project has changed',
      filesTouched: [marker],
      evidence: `The marker names ${by} and ${type}`,
    }
  },
}
