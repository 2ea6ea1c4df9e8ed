import { dashed } from '../../schemas/ids.ts'
import { closest } from '../../schemas/suggest.ts'
import type { SkillDocument } from '../documents.ts'
import type { ResolvedTree } from '../pipeline.ts'
import { textOf } from '../unpack.ts'
import type { ExplainedFile, Explanation } from './explanation.ts'
import { explainPrompt } from './prompt.ts'
import { explainGroupSkill, explainScript, wholeFile } from './skill.ts'

/** An explanation, or what could have been meant instead. */
export type Explained = { readonly explanation: Explanation } | { readonly expected: string }

/** Tells where every line of a skill or an agent prompt comes from; of two things of one name, the skill is meant. */
export function explain(name: string, tree: ResolvedTree): Explained {
  const found = candidates(tree)
  const exact = found.find((one) => one.name === name)
  if (exact !== undefined) return { explanation: exact.explain() }
  const short = found.filter(({ short }) => short === name)
  const [only, ...others] = short
  if (only !== undefined && others.length === 0) return { explanation: only.explain() }
  if (only !== undefined) return { expected: `one of ${short.map((one) => one.name).join(', ')}` }
  const near = closest(
    name,
    found.map((one) => one.name),
  )
  return {
    expected:
      near === undefined ? 'the id of a skill, or <flow>/<type> of an agent prompt' : `"${near}", perhaps`,
  }
}

interface Candidate {
  readonly name: string
  /** Says the same where only one has it: the group of a skill, the type of a prompt. */
  readonly short: string
  readonly explain: () => Explanation
}

function candidates(tree: ResolvedTree): Candidate[] {
  const { skills, groupSkills, flows } = tree.linked
  return [
    ...skills.map((skill) => ({
      name: skill.name,
      short: skill.name,
      explain: () => ({ name: skill.name, artifact: `${skill.name}.zip`, files: plainFiles(skill, tree) }),
    })),
    ...groupSkills.map((skill) => ({
      name: skill.id,
      short: dashed(skill.group),
      explain: () => {
        const artifact = skill.bundled ? `${dashed(skill.group)}.json` : `${skill.id}.zip`
        return { name: skill.id, artifact, files: explainGroupSkill(skill, tree) }
      },
    })),
    ...flows.flatMap(({ name: flow, prompts }) =>
      prompts.map((prompt) => ({
        name: `${flow}/${prompt.type}`,
        short: prompt.type,
        explain: () => {
          const file = explainPrompt(prompt, tree)
          return { name: `${flow}/${prompt.type}`, artifact: file.path, files: [file] }
        },
      })),
    ),
  ]
}

function plainFiles({ name, files }: SkillDocument, { library }: ResolvedTree): ExplainedFile[] {
  const dir = `skills/${name}`
  return [...files].map(([path, bytes]) => {
    const text = textOf(bytes)
    const from = { kind: 'file', path: `${dir}/${path}` } as const
    if (text === undefined) {
      return { path, ranges: [{ output: [1, 1], sources: [{ ...from, lines: null, note: 'no text' }] }] }
    }
    return library.has(from.path) ? wholeFile(path, text, from) : explainScript(path, text, dir)
  })
}
