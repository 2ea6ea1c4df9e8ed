import type { AgentMenu } from '../schemas/agent-menu.ts'
import { digestOf } from '../schemas/digest.ts'
import { dashed } from '../schemas/ids.ts'
import type { Manifest } from '../schemas/manifest.ts'
import { encodeIndex, RELEASE_INDEX } from '../schemas/release.ts'
import type { BundleEntry, SkillEntry, SkillMenu } from '../schemas/skill-menu.ts'
import { comparePaths } from './content-path.ts'
import { mediaTypeOf } from './media-type.ts'
import type { Artifact, Release } from './release.ts'
import { zip } from './zip.ts'

/**
 * The files of a release that hold addresses, written for one base URL, which ends with `/`:
 * menus, manifest, the archive of everything, and the list of digests. The index, whose digest is the release's name,
 * holds none, and is among them so that all others can be checked against that name.
 */
export function renderFaces(release: Release, baseUrl: string): ReadonlyMap<string, Artifact> {
  return new Map([...lazyFaces(release, baseUrl)].map(([name, face]) => [name, face()]))
}

/** The same, each made when it is first asked for: a menu need not wait for the archive of everything. */
export function lazyFaces(release: Release, baseUrl: string): ReadonlyMap<string, () => Artifact> {
  const manifest = once(() => json('manifest.json', manifestOf(release, baseUrl)))
  const faces = [
    ['agent-menu.json', once(() => json('agent-menu.json', agentMenu(release, baseUrl)))],
    ['manifest.json', manifest],
    [RELEASE_INDEX, once(() => artifact(RELEASE_INDEX, encoded(encodeIndex(release.index))))],
    ['skill-menu.json', once(() => json('skill-menu.json', skillMenu(release, baseUrl)))],
    [RESOURCES_ZIP, once(() => artifact(RESOURCES_ZIP, resourcesZip(release, manifest())))],
  ] as const
  const sums = once(() => {
    const all = [...release.artifacts.values(), ...faces.map(([, face]) => face())]
    return artifact('SHA256SUMS', encoded(digestList(all)))
  })
  return new Map([['SHA256SUMS', sums], ...faces])
}

const RESOURCES_ZIP = 'skills-mcp-resources.zip'

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function skillMenu({ id, index }: Release, baseUrl: string): SkillMenu {
  const entries = [
    ...index.skills.map((skill): [string, SkillEntry] => [
      skill.category,
      {
        id: skill.id,
        name: skill.description,
        group: dashed(skill.category),
        downloadUrl: baseUrl + skill.file,
        ...(skill.framework === undefined ? {} : { framework: skill.framework }),
        ...(skill.default === undefined ? {} : { default: skill.default }),
        digest: skill.digest,
        size: skill.size,
      },
    ]),
    ...index.bundles.map((bundle): [string, BundleEntry] => [
      bundle.category,
      {
        id: dashed(bundle.category),
        name: bundle.description,
        group: dashed(bundle.category),
        bundle: true,
        variants: bundle.variants,
        downloadUrl: baseUrl + bundle.file,
        digest: bundle.digest,
        size: bundle.size,
      },
    ]),
  ]
  const categories = [...new Set(entries.map(([category]) => category))].sort(comparePaths)
  return {
    version: '1.0',
    buildVersion: id,
    categories: Object.fromEntries(
      categories.map((category) => [
        category,
        entries.filter(([of]) => of === category).map(([, entry]) => entry),
      ]),
    ),
    cliEntries: index.cliEntries,
  }
}

function agentMenu({ id, index }: Release, baseUrl: string): AgentMenu {
  return {
    version: '1.0',
    buildVersion: id,
    releaseUrl: baseUrl,
    agents: index.agents.map(({ type, flow, file, digest, size }) => {
      return { id: type, flow, downloadUrl: baseUrl + file, digest, size }
    }),
    flows: index.flows.map(({ flow, file, digest, size }) => {
      return { id: flow, downloadUrl: baseUrl + file, digest, size }
    }),
  }
}

function manifestOf({ id, index }: Release, baseUrl: string): Manifest {
  const resources = index.skills.map(({ id: skill, displayName, description, tags, uri, file }) => {
    const downloadUrl = baseUrl + file
    const resource = { mimeType: 'text/plain', description, text: downloadUrl }
    return { id: skill, name: displayName, description, tags, uri, file, downloadUrl, resource }
  })
  const docs = (index.docs ?? []).map(({ id: doc, displayName, description, tags, uri, text }) => {
    return {
      id: doc,
      name: displayName,
      description,
      tags,
      uri,
      resource: { mimeType: 'text/markdown', description, text },
    }
  })
  return { version: '1.0', buildVersion: id, resources: [...resources, ...docs] }
}

/** The manifest first, then every skill, then every bundle: readers stream it in that order. */
function resourcesZip({ index, artifacts }: Release, manifest: Artifact): Uint8Array {
  const files = [...index.skills, ...index.bundles].flatMap(({ file }) => artifacts.get(file) ?? [])
  return zip(
    [manifest, ...files].map(({ name, bytes }) => [name, bytes] as const),
    { order: 'given' },
  )
}

function digestList(files: readonly Artifact[]): string {
  const sorted = [...files].sort((a, b) => comparePaths(a.name, b.name))
  return sorted.map(({ name, digest }) => `${digest}  ${name}\n`).join('')
}

function json(name: string, value: unknown): Artifact {
  return artifact(name, encoded(`${JSON.stringify(value, null, 2)}\n`))
}

function artifact(name: string, bytes: Uint8Array): Artifact {
  return { name, bytes, mediaType: mediaTypeOf(name), digest: digestOf(bytes) }
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
