import { servedSkill, servedSkills } from '../../build/budget/served-skills.ts'
import type { Release } from '../../build/release.ts'
import { textOf } from '../../build/unpack.ts'

/** Text of a release, and where a reader finds it. */
export interface ReleaseText {
  readonly kind: 'agent' | 'skill' | 'doc'
  /** `<flow>/<type>`, a skill's id, a document's id. */
  readonly name: string
  /** File inside a skill; empty for what is one text. */
  readonly path: string
  readonly text: string
}

/** Every text of a release: prompts, files of skills, documents. */
export function textsOf(release: Release): ReleaseText[] {
  const { index, artifacts } = release
  const agents = index.agents.flatMap(({ flow, type, file }) => {
    const bytes = artifacts.get(file)?.bytes
    return asText({ kind: 'agent', name: `${flow}/${type}`, path: '' }, bytes)
  })
  const skills = servedSkills(release).flatMap(({ id, files }) =>
    [...files].flatMap(([path, bytes]) => asText({ kind: 'skill', name: id, path }, bytes)),
  )
  const docs = (index.docs ?? []).map(({ id, text }): ReleaseText => {
    return { kind: 'doc', name: id, path: '', text }
  })
  return [...agents, ...skills, ...docs]
}

/** Where a text is looked for; words of a request, believed by nobody. */
export interface TextPlace {
  readonly kind: string
  readonly name: string
  readonly path: string
}

/** One text of a release; undefined where there is none. An agent's path is its task type. */
export function textAt(release: Release, { kind, name, path }: TextPlace): string | undefined {
  const { index, artifacts } = release
  if (kind === 'doc') return path === '' ? index.docs?.find(({ id }) => id === name)?.text : undefined
  if (kind === 'skill') {
    const bytes = servedSkill(release, name)?.files.get(path)
    return bytes && textOf(bytes)
  }
  const agent = index.agents.find(({ flow, type }) => kind === 'agent' && flow === name && type === path)
  const bytes = agent && artifacts.get(agent.file)?.bytes
  return bytes && textOf(bytes)
}

function asText(place: Omit<ReleaseText, 'text'>, bytes: Uint8Array | undefined): ReleaseText[] {
  const text = bytes && textOf(bytes)
  return text === undefined ? [] : [{ ...place, text }]
}
