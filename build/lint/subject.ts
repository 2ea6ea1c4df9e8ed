import { dashed } from '../../schemas/ids.ts'
import { groupSkillFiles, type SkillFiles } from '../compile/group-skill.ts'
import { compilePrompt } from '../compile/prompt.ts'
import type { SkillDocument } from '../documents.ts'
import type { ExpandedTree, GroupSkill, Prompt, ServedDoc } from '../expanded.ts'
import type { Place } from '../finding.ts'
import type { Library } from '../library.ts'
import type { Memo } from '../memo.ts'
import { START } from '../position.ts'
import type { Text } from '../text.ts'

/** What stands or falls together: all of it is served, or nothing. */
export interface Unit {
  readonly of:
    | { readonly kind: 'prompt'; readonly owner: Prompt }
    | { readonly kind: 'skill'; readonly owner: SkillDocument }
    | { readonly kind: 'group-skill'; readonly owner: GroupSkill }
    | { readonly kind: 'doc'; readonly owner: ServedDoc }
    | { readonly kind: 'contract'; readonly owner: string }
  /** As a message names it. */
  readonly name: string
  /** Where what is wrong with it is told, when nothing nearer is known. */
  readonly place: Place
  /** Folder that its own sources lie in; its own file, when it has no folder. */
  readonly home: string
  /** Texts that clients read, by path: inside the skill, or the one file. */
  readonly files: ReadonlyMap<string, string>
  /** Paths of `files` that somebody else has written: documents and example apps. */
  readonly carried: ReadonlySet<string>
  /** What menus say of it. */
  readonly words: string
  readonly fileCount: number
  /** Never less than `bytes()`, and known at once. */
  readonly mostBytes: number
  readonly bytes: () => number
}

/** All that rules look at. */
export interface Subject {
  readonly tree: ExpandedTree
  readonly units: readonly Unit[]
  /** Every file of the tree that is text, as its author wrote it. */
  readonly sources: ReadonlyMap<string, Text>
  /** For what takes long and depends on a text alone. */
  readonly memo: Memo
}

const CONTRACTS = ['seed-contract', 'task-contract', 'linear-contract'] as const
/** Their own rules read them, and what they quote is what they are about. */
const ABOUT_FINDINGS = new Set(['waivers.yaml', 'content.baseline.json', 'content.lock'])

/** Gathers what will be served of a tree, and what it is made from. */
export function subjectOf(tree: ExpandedTree, library: Library, memo: Memo): Subject {
  const passing = memo.passing()
  const sources = library.paths
    .filter((path) => !ABOUT_FINDINGS.has(path))
    .flatMap((path) => library.text(path) ?? [])
  return {
    tree,
    units: [
      ...tree.prompts.map((prompt) => passing.of(promptUnit, prompt)),
      ...tree.skills.map((skill) => passing.of(skillUnit, skill)),
      ...tree.groupSkills.map((skill) =>
        passing.of(groupSkillUnit, skill, memo.whole(groupSkillFiles, skill, tree.commandments)),
      ),
      ...tree.docs.map((doc) => passing.of(docUnit, doc)),
      ...CONTRACTS.flatMap((name) => contractUnit(name, tree.shared(name))),
    ],
    sources: new Map(sources.map((text) => [text.path, text])),
    memo: passing,
  }
}

function promptUnit(prompt: Prompt): Unit {
  return unit({
    of: { kind: 'prompt', owner: prompt },
    name: `${prompt.flow}/${prompt.type}`,
    place: { path: prompt.path, ...START },
    home: prompt.path,
    files: new Map([[prompt.path, compilePrompt(prompt)]]),
  })
}

function skillUnit(skill: SkillDocument): Unit {
  const texts = [...skill.files].flatMap(([path, bytes]) => {
    const text = textOf(bytes)
    return text === undefined ? [] : [[path, text] as const]
  })
  const bytes = [...skill.files.values()].reduce((sum, one) => sum + one.length, 0)
  return {
    ...unit({
      of: { kind: 'skill', owner: skill },
      name: skill.name,
      place: { path: skill.path, ...START },
      home: `skills/${skill.name}/`,
      files: new Map(texts),
    }),
    fileCount: skill.files.size,
    mostBytes: bytes,
    bytes: () => bytes,
  }
}

function groupSkillUnit(skill: GroupSkill, files: SkillFiles): Unit {
  const { id, group, place, displayName, description, tags, documents, examples } = skill
  return {
    ...unit({
      of: { kind: 'group-skill', owner: skill },
      name: id,
      place,
      home: `skills/${group}/`,
      files,
    }),
    carried: new Set([...documents, ...examples].map(({ name }) => `references/${name}`)),
    words: [displayName, description, ...tags].join('\n'),
  }
}

function docUnit(doc: ServedDoc): Unit {
  const { id, place, displayName, description, tags, text } = doc
  const file = `${id}.md`
  return {
    ...unit({
      of: { kind: 'doc', owner: doc },
      name: id,
      place,
      home: place.path,
      files: new Map([[file, text]]),
    }),
    carried: new Set([file]),
    words: [displayName, description, ...tags].join('\n'),
  }
}

function contractUnit(name: string, text: string | undefined): Unit[] {
  if (text === undefined) return []
  const path = `shared/${name}.md`
  const files = new Map([[path, text]])
  return [unit({ of: { kind: 'contract', owner: name }, name, place: { path, ...START }, home: path, files })]
}

function unit(own: Pick<Unit, 'of' | 'name' | 'place' | 'home' | 'files'>): Unit {
  const texts = [...own.files.values()]
  return {
    ...own,
    carried: new Set(),
    words: '',
    fileCount: own.files.size,
    // A character of a text is at most three bytes of UTF-8.
    mostBytes: texts.reduce((sum, text) => sum + text.length * 3, 0),
    bytes: () => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  }
}

/** Undefined for bytes that are no text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** Takes what may not be served out of a tree; names of it stay known, so that nobody misses them. */
export function withoutUnits(tree: ExpandedTree, blamed: ReadonlySet<Unit>): ExpandedTree {
  if (blamed.size === 0) return tree
  const lost = [...blamed].map(({ of }) => of)
  const out = new Set<unknown>(lost.map(({ owner }) => owner))
  const kept = <Kept>(items: readonly Kept[]) => items.filter((item) => !out.has(item))
  return {
    ...tree,
    prompts: kept(tree.prompts),
    skills: kept(tree.skills),
    groupSkills: kept(tree.groupSkills),
    docs: kept(tree.docs),
    shared: (name) => (out.has(name) ? undefined : tree.shared(name)),
    unread: {
      agents: [...tree.unread.agents, ...lost.flatMap((of) => (of.kind === 'prompt' ? [of.owner] : []))],
      skills: new Set([...tree.unread.skills, ...lost.flatMap(skillNames)]),
    },
  }
}

function skillNames(of: Unit['of']): string[] {
  if (of.kind === 'skill') return [of.owner.name]
  return of.kind === 'group-skill' ? [dashed(of.owner.group), of.owner.id] : []
}
