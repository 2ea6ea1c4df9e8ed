import type { FlowBundle } from '../schemas/agent-menu.ts'
import { dashed } from '../schemas/ids.ts'
import { DEFAULT_SEED_CONTRACT, DEFAULT_TASK_CONTRACT } from './compile/contracts.ts'
import { groupSkillFiles } from './compile/group-skill.ts'
import { compilePrompt } from './compile/prompt.ts'
import type { SkillDocument } from './documents.ts'
import type { GroupSkill, Prompt, ServedDoc } from './expanded.ts'
import type { Flow, LinkedTree } from './linked.ts'
import type { Memo } from './memo.ts'
import { type Member, member, zipOf } from './zip.ts'

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
export function compile(tree: LinkedTree, memo: Memo): Compiled[] {
  return [
    ...tree.flows.flatMap((flow) => compileFlow(flow, tree, memo)),
    ...tree.skills.map((skill) => compileSkill(skill, memo)),
    ...compileGroups(tree, memo),
    ...tree.docs.map((doc) => memo.of(compileDoc, doc)),
  ]
}

function compileFlow({ name, prompts }: Flow, { shared }: LinkedTree, memo: Memo): Compiled[] {
  const compiled = prompts.map((prompt) => memo.of(promptFile, prompt))
  const seed = contract(shared('seed-contract'), DEFAULT_SEED_CONTRACT)
  const task = contract(shared('task-contract'), DEFAULT_TASK_CONTRACT)
  const linear = contract(shared('linear-contract'), '')
  return [...compiled, memo.of(flowFile, name, seed, task, linear, ...compiled)]
}

interface CompiledPrompt extends Extract<Compiled, { kind: 'prompt' }> {
  readonly text: string
}

function promptFile(prompt: Prompt): CompiledPrompt {
  const { flow, type } = prompt
  const text = compilePrompt(prompt)
  return {
    kind: 'prompt',
    flow,
    type,
    text,
    file: { name: `agents-${flow}-${type}.md`, bytes: encoded(text) },
  }
}

function flowFile(
  flow: string,
  ...parts: readonly [seed: string, task: string, linear: string, ...CompiledPrompt[]]
): Compiled {
  const [seed, task, linear, ...prompts] = parts
  const bundle: FlowBundle = {
    flow,
    agents: Object.fromEntries(prompts.map(({ type, text }) => [type, text])),
    contracts: { seed, task, ...(linear === '' ? {} : { linear }) },
  }
  return { kind: 'flow', flow, file: json(`agents-${flow}.json`, bundle) }
}

function contract(text: string | undefined, fallback: string): string {
  return text === undefined || text.trim() === '' ? fallback : `${text}\n`
}

function compileSkill(skill: SkillDocument, memo: Memo): Compiled {
  return { kind: 'skill', skill, file: memo.whole(archive, skill.name, skill.files) }
}

function compileGroups({ groupSkills, commandments }: LinkedTree, memo: Memo): Compiled[] {
  return [...Map.groupBy(groupSkills, ({ group }) => group).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const skills = [first, ...others] as const
    if (first.bundled) return [memo.whole(bundle, commandments, ...skills)]
    return skills.map((skill) => {
      const files = memo.whole(groupSkillFiles, skill, commandments)
      return { kind: 'skill', skill, file: memo.whole(archive, skill.id, files) }
    })
  })
}

/** Each file is packed once, however many skills carry it, and an archive of the same files is the same archive. */
function archive(memo: Memo, id: string, files: ReadonlyMap<string, Uint8Array | string>): CompiledFile {
  const members = [...files].map(([path, content]) => memo.of(member, content, path))
  return memo.of(archiveOf, `${id}.zip`, ...members)
}

function archiveOf(name: string, ...members: readonly Member[]): CompiledFile {
  return { name, bytes: zipOf(members) }
}

function compileDoc(doc: ServedDoc): Compiled {
  return {
    kind: 'doc',
    doc,
    file: doc.isAsset ? { name: `${doc.id}.md`, bytes: encoded(doc.text) } : undefined,
  }
}

function bundle(
  memo: Memo,
  ...[commandments, ...skills]: readonly [LinkedTree['commandments'], GroupSkill, ...GroupSkill[]]
): Compiled {
  const id = dashed(skills[0].group)
  const files = skills.map((skill) => [
    skill.variant,
    Object.fromEntries(memo.whole(groupSkillFiles, skill, commandments)),
  ])
  return { kind: 'bundle', skills, file: json(`${id}.json`, { id, variants: Object.fromEntries(files) }) }
}

function json(name: string, value: unknown): CompiledFile {
  return { name, bytes: encoded(`${JSON.stringify(value, null, 1)}\n`) }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
