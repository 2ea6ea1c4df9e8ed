import { digestOf } from '../schemas/digest.ts'
import type { UriSchema } from '../schemas/group.ts'
import { dashed } from '../schemas/ids.ts'
import {
  type BundleRecord,
  type DocRecord,
  type ReleaseIndex,
  releaseIdOf,
  type SkillRecord,
} from '../schemas/release.ts'
import type { CliEntry } from '../schemas/skill-menu.ts'
import type { Compiled, CompiledFile } from './compile.ts'
import { comparePaths } from './content-path.ts'
import type { SkillDocument } from './documents.ts'
import type { GroupSkill, ServedDoc } from './expanded.ts'
import type { LinkedTree } from './linked.ts'
import { pluginsOf } from './marketplace.ts'
import { mediaTypeOf } from './media-type.ts'
import type { Memo } from './memo.ts'
import type { Artifact, Release } from './release.ts'

/** Names bytes by their digest and writes the index; undefined when there is nothing to serve. */
export function pack(
  compiled: readonly Compiled[],
  { uris, offers }: Pick<LinkedTree, 'uris' | 'offers'>,
  memo: Memo,
): Release | undefined {
  if (compiled.length === 0) return undefined
  const artifacts = new Map(
    compiled.flatMap(({ file }) =>
      file === undefined ? [] : [[file.name, memo.of(artifact, file)] as const],
    ),
  )
  const refOf = ({ name, bytes }: CompiledFile) => {
    return { file: name, digest: artifacts.get(name)?.digest ?? digestOf(bytes), size: bytes.length }
  }
  const skills = compiled.filter((one) => one.kind === 'skill')
  const docs = compiled.filter((one) => one.kind === 'doc')
  const displayNames = uniqueNames([
    ...skills.map(({ skill }) => faceOf(skill)),
    ...docs.map(({ doc }) => doc),
  ])
  const index: ReleaseIndex = {
    version: 1,
    agents: compiled
      .flatMap((one) =>
        one.kind === 'prompt' ? [{ flow: one.flow, type: one.type, ...refOf(one.file) }] : [],
      )
      .sort((a, b) => comparePaths(a.flow, b.flow) || comparePaths(a.type, b.type)),
    flows: compiled
      .flatMap((one) => (one.kind === 'flow' ? [{ flow: one.flow, ...refOf(one.file) }] : []))
      .sort((a, b) => comparePaths(a.flow, b.flow)),
    // Sorting is stable: variants of a group stay in their author's order, which is the order clients choose by.
    skills: skills
      .map(({ skill, file }, at) =>
        skillRecord({ ...faceOf(skill), displayName: displayNames[at] ?? file.name }, refOf(file), uris),
      )
      .sort((a, b) => comparePaths(a.category, b.category)),
    bundles: compiled
      .flatMap((one) => (one.kind === 'bundle' ? [bundleRecord(one.skills, refOf(one.file))] : []))
      .sort((a, b) => comparePaths(a.category, b.category)),
    cliEntries: compiled
      .flatMap((one) => (one.kind === 'bundle' ? one.skills : one.kind === 'skill' ? [one.skill] : []))
      .flatMap(cliEntry)
      .sort(compareEntries),
  }
  const plugins = pluginsOf(offers, index.skills, index.bundles)
  const offered = {
    ...index,
    ...(docs.length === 0
      ? {}
      : {
          docs: docs.map(({ doc, file }, at) =>
            docRecord(
              { ...doc, displayName: displayNames[skills.length + at] ?? doc.displayName },
              file && refOf(file),
              uris,
            ),
          ),
        }),
    ...(plugins.length === 0 ? {} : { plugins }),
  }
  return { id: releaseIdOf(offered), index: offered, artifacts: sorted(artifacts) }
}

type Ref = Pick<SkillRecord, 'file' | 'digest' | 'size'>
type Face = Omit<SkillRecord, keyof Ref | 'uri'>

function artifact({ name, bytes }: CompiledFile): Artifact {
  return { name, bytes, mediaType: mediaTypeOf(name), digest: digestOf(bytes) }
}

function sorted(artifacts: ReadonlyMap<string, Artifact>): ReadonlyMap<string, Artifact> {
  return new Map([...artifacts].sort(([a], [b]) => comparePaths(a, b)))
}

function isGroupSkill(skill: GroupSkill | SkillDocument): skill is GroupSkill {
  return 'variant' in skill
}

function faceOf(skill: GroupSkill | SkillDocument): Face {
  if (!isGroupSkill(skill)) {
    const { name, frontmatter } = skill
    return { id: name, displayName: name, description: frontmatter.description, tags: [], category: name }
  }
  const { id, displayName, description, tags, group, framework, isDefault } = skill
  return {
    ...{ id, displayName, description, tags: [...tags], category: group },
    ...(framework === undefined ? {} : { framework }),
    ...(isDefault ? { default: true as const } : {}),
  }
}

/** Display names, told apart by their id where two skills share one. */
function uniqueNames(faces: readonly Pick<Face, 'id' | 'displayName'>[]): string[] {
  const count = new Map<string, number>()
  for (const { displayName } of faces) count.set(displayName, (count.get(displayName) ?? 0) + 1)
  return faces.map(({ id, displayName }) =>
    (count.get(displayName) ?? 0) > 1 ? `${displayName} (${id})` : displayName,
  )
}

function skillRecord(face: Face, ref: Ref, uris: UriSchema): SkillRecord {
  const values = { group: dashed(face.category), id: face.id }
  return { ...face, uri: uriOf(uris.patterns.skill, values, uris), ...ref }
}

function docRecord(doc: ServedDoc, asset: Ref | undefined, uris: UriSchema): DocRecord {
  const { id, displayName, description, tags, text } = doc
  const uri = uriOf(uris.patterns.doc, { id }, uris)
  return {
    id,
    displayName,
    description,
    tags: [...tags],
    uri,
    text,
    ...(asset === undefined ? {} : { asset }),
  }
}

function uriOf(pattern: string, values: Readonly<Record<string, string>>, { scheme }: UriSchema): string {
  const filled = pattern.replace(
    /\{(scheme|group|id)\}/g,
    (_, key: string) => ({ ...values, scheme })[key] ?? '',
  )
  return filled.includes('://') ? filled : `${scheme}://${filled}`
}

function bundleRecord(skills: readonly [GroupSkill, ...GroupSkill[]], ref: Ref): BundleRecord {
  const variants = skills.map(({ variant, framework, isDefault }) => ({
    id: variant,
    ...(framework === undefined ? {} : { framework }),
    ...(isDefault ? { default: true as const } : {}),
  }))
  return { category: skills[0].group, description: skills[0].description, variants, ...ref }
}

function cliEntry(skill: GroupSkill | SkillDocument): CliEntry[] {
  if (!isGroupSkill(skill) || skill.cli === undefined) return []
  const { role, parentCommand, command } = skill.cli
  return [
    {
      skillId: skill.id,
      role,
      ...(parentCommand === undefined ? {} : { parentCommand }),
      ...(command === undefined ? {} : { command }),
      ...(skill.cli.default === true ? { default: true as const } : {}),
      displayName: skill.displayName,
      description: skill.description,
    },
  ]
}

const ROLES = ['command', 'skill', 'internal']

function compareEntries(a: CliEntry, b: CliEntry): number {
  return (
    ROLES.indexOf(a.role) - ROLES.indexOf(b.role) ||
    comparePaths(a.parentCommand ?? '', b.parentCommand ?? '') ||
    comparePaths(a.command ?? '', b.command ?? '') ||
    comparePaths(a.skillId, b.skillId)
  )
}
