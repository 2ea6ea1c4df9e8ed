import type { FlowBundle } from '../schemas/agent-menu.ts'
import { dashed } from '../schemas/ids.ts'
import { DEFAULT_SEED_CONTRACT, DEFAULT_TASK_CONTRACT } from './compile/contracts.ts'
import { compileGroupSkill } from './compile/group-skill.ts'
import { compilePrompt } from './compile/prompt.ts'
import type { SkillDocument } from './documents.ts'
import type { GroupSkill, ServedDoc } from './expanded.ts'
import type { Flow, LinkedTree } from './linked.ts'
import { zip } from './zip.ts'

/** A file to be served, and what it was made from. */
export type Compiled =
  | { readonly kind: 'prompt'; readonly flow: string; readonly type: string; readonly file: CompiledFile }
  | { readonly kind: 'flow'; readonly flow: string; readonly file: CompiledFile }
  | { readonly kind: 'skill'; readonly skill: GroupSkill | SkillDocument; readonly file: CompiledFile }
  | {
      readonly kind: 'bundle'
      readonly skills: readonly [GroupSkill, ...GroupSkill[]]
      readonly file: CompiledFile
    }
  | { readonly kind: 'doc'; readonly doc: ServedDoc; readonly file: CompiledFile | undefined }

/** Bytes with the name they are served under. */
export interface CompiledFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Writes every file that clients will read. */
export function compile(tree: LinkedTree): Compiled[] {
  return [
    ...tree.flows.flatMap((flow) => compileFlow(flow, tree)),
    ...compileSkills(tree),
    ...tree.docs.map(compileDoc),
  ]
}

function compileFlow({ name: flow, prompts }: Flow, { shared }: LinkedTree): Compiled[] {
  const texts = prompts.map((prompt) => ({ type: prompt.type, text: compilePrompt(prompt) }))
  const bundle: FlowBundle = {
    flow,
    agents: Object.fromEntries(texts.map(({ type, text }) => [type, text])),
    contracts: {
      seed: contract(shared('seed-contract'), DEFAULT_SEED_CONTRACT),
      task: contract(shared('task-contract'), DEFAULT_TASK_CONTRACT),
    },
  }
  return [
    ...texts.map(({ type, text }) => ({
      kind: 'prompt' as const,
      flow,
      type,
      file: { name: `agents-${flow}-${type}.md`, bytes: encoded(text) },
    })),
    { kind: 'flow', flow, file: json(`agents-${flow}.json`, bundle) },
  ]
}

function contract(text: string | undefined, fallback: string): string {
  return text === undefined || text.trim() === '' ? fallback : `${text}\n`
}

function compileSkills({ skills, groupSkills, commandments }: LinkedTree): Compiled[] {
  const compiled: Compiled[] = skills.map((skill) => ({
    kind: 'skill',
    skill,
    file: { name: `${skill.name}.zip`, bytes: zip(skill.files) },
  }))
  for (const group of new Set(groupSkills.map((skill) => skill.group))) {
    const variants = groupSkills.filter((skill) => skill.group === group)
    const [first, ...others] = variants
    if (first?.bundled === true) {
      compiled.push({ kind: 'bundle', skills: [first, ...others], file: bundle(variants, commandments) })
      continue
    }
    for (const skill of variants) {
      const files = [...compileGroupSkill(skill, commandments)].map(
        ([path, text]) => [path, encoded(text)] as const,
      )
      compiled.push({
        kind: 'skill',
        skill,
        file: { name: `${skill.id}.zip`, bytes: zip(files) },
      })
    }
  }
  return compiled
}

function compileDoc(doc: ServedDoc): Compiled {
  return {
    kind: 'doc',
    doc,
    file: doc.isAsset ? { name: `${doc.id}.md`, bytes: encoded(doc.text) } : undefined,
  }
}

function bundle(variants: readonly GroupSkill[], commandments: LinkedTree['commandments']): CompiledFile {
  const id = dashed(variants[0]?.group ?? '')
  const files = variants.map((skill) => [
    skill.variant,
    Object.fromEntries(compileGroupSkill(skill, commandments)),
  ])
  return json(`${id}.json`, { id, variants: Object.fromEntries(files) })
}

function json(name: string, value: unknown): CompiledFile {
  return { name, bytes: encoded(`${JSON.stringify(value, null, 1)}\n`) }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
