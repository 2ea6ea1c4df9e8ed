import { dashed } from '../../schemas/ids.ts'
import type { SkillDocument } from '../documents.ts'
import type { GroupSkill, Prompt, ServedDoc } from '../expanded.ts'
import { errorAt, type Place, quote, type Report } from '../finding.ts'
import { START } from '../position.ts'

/** Files of a release that are written for an address, not from a document. */
const FACE_NAMES = [
  'skill-menu.json',
  'agent-menu.json',
  'manifest.json',
  'release-index.json',
  'skills-mcp-resources.zip',
  'SHA256SUMS',
] as const

/** What will be served, by the documents it comes from. */
export interface Named {
  readonly prompts: readonly Prompt[]
  readonly skills: readonly SkillDocument[]
  readonly groupSkills: readonly GroupSkill[]
  readonly docs: readonly ServedDoc[]
}

/** Tells skills that share an id and files that share a name in the flat namespace of a release. */
export function checkNames(named: Named, report: Report): void {
  const ids = new Map<string, Place>()
  const files = new Map<string, string>(
    FACE_NAMES.map((name) => [name.toLowerCase(), 'a menu of every release']),
  )
  for (const { id, place } of skillPlaces(named)) {
    const first = ids.get(id)
    if (first === undefined) ids.set(id, place)
    else if (first.path !== place.path || first.line !== place.line) {
      const message = `Cannot serve two skills ${quote(id)}: the other comes from ${first.path}:${first.line}, expected ids that differ`
      report(errorAt(place, { code: 'link/skill-id', message }))
    }
  }
  for (const { file, owner, place } of fileNames(named)) {
    const taken = files.get(file.toLowerCase())
    if (taken === undefined) files.set(file.toLowerCase(), owner)
    else if (taken !== owner) {
      const message = `Cannot serve ${quote(file)} for ${owner}: ${taken} has that name, expected names that differ`
      report(errorAt(place, { code: 'link/file-name', message }))
    }
  }
}

interface NamedFile {
  readonly file: string
  readonly owner: string
  readonly place: Place
}

function skillPlaces({ skills, groupSkills }: Named): { id: string; place: Place }[] {
  return [
    ...skills.map(({ name, path }) => ({ id: name, place: { path, ...START } })),
    ...groupSkills.map(({ id, place }) => ({ id, place })),
  ]
}

function fileNames(named: Named): NamedFile[] {
  const { prompts, skills, groupSkills, docs } = named
  const flows = new Map(prompts.map((prompt) => [prompt.flow, prompt]))
  return [
    ...prompts.map(({ flow, type, path }) => ({
      file: `agents-${flow}-${type}.md`,
      owner: `the prompt ${flow}/${type}`,
      place: { path, ...START },
    })),
    ...[...flows].map(([flow, { path }]) => ({
      file: `agents-${flow}.json`,
      owner: `the flow ${flow}`,
      place: { path, ...START },
    })),
    ...skills.map(({ name, path }) => ({
      file: `${name}.zip`,
      owner: `the skill ${name}`,
      place: { path, ...START },
    })),
    ...groupSkills.map(({ id, group, bundled, place }) =>
      bundled
        ? { file: `${dashed(group)}.json`, owner: `the group ${group}`, place }
        : { file: `${id}.zip`, owner: `the skill ${id}`, place },
    ),
    ...docs.flatMap(({ id, isAsset, place }) =>
      isAsset ? [{ file: `${id}.md`, owner: `the document ${id}`, place }] : [],
    ),
  ]
}
