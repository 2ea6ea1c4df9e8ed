import { agentMenuSchema, flowBundleSchema } from '../../schemas/agent-menu.ts'
import { AGENT_KEYS } from '../../schemas/agent-prompt.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { manifestSchema } from '../../schemas/manifest.ts'
import type { PluginRecord } from '../../schemas/release.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import { type CliEntry, type SkillMenu, skillMenuSchema } from '../../schemas/skill-menu.ts'
import { type Files, textOf, unpack } from '../unpack.ts'

/** What consumers of a release look at, in the order in which a diff tells of it. */
export const SURFACES = ['agents', 'skills', 'bundles', 'cli', 'resources', 'plugins', 'files'] as const
export type SurfaceName = (typeof SURFACES)[number]

/** What one thing says of itself: a value, or a list of them. */
export type Facts = Readonly<Record<string, string | readonly string[]>>

/** One thing of a surface: an agent prompt, a skill, a command. */
export interface Item {
  readonly facts: Facts
  readonly files: Files
}

/** Everything of a release, by surface and name. */
export type Surfaces = Readonly<Record<SurfaceName, ReadonlyMap<string, Item>>>

/** A release as it is served, its faces included. */
export interface ServedFiles {
  readonly files: Files
  /** Known to the index of a release only. */
  readonly plugins: readonly PluginRecord[]
}

const NO_FILES: Files = new Map()
const FACES = [
  'agent-menu.json',
  'skill-menu.json',
  'manifest.json',
  'release-index.json',
  'skills-mcp-resources.zip',
  'SHA256SUMS',
]

/**
 * Sorts the files of a release by who reads them.
 *
 * @throws {SyntaxError | import('zod').ZodError} when a menu cannot be read.
 */
export function readSurfaces({ files, plugins }: ServedFiles): Surfaces {
  const agentMenu = agentMenuSchema.parse(json(files, 'agent-menu.json'))
  const skillMenu = skillMenuSchema.parse(json(files, 'skill-menu.json'))
  const manifest = manifestSchema.parse(json(files, 'manifest.json'))
  const told = new Set(FACES)
  const take = (url: string): readonly [string, Uint8Array] => {
    const name = url.slice(url.lastIndexOf('/') + 1)
    told.add(name)
    return [name, files.get(name) ?? new Uint8Array()]
  }
  const agents = [
    ...agentMenu.agents.map(
      ({ id, flow, downloadUrl }) => [`${flow}/${id}`, promptItem(...take(downloadUrl))] as const,
    ),
    ...agentMenu.flows.map(
      ({ id, downloadUrl }) => [`${id} (contracts)`, contractItem(...take(downloadUrl))] as const,
    ),
  ]
  const { skills, bundles } = skillItems(skillMenu, take)
  return {
    agents: new Map(agents),
    skills: new Map(skills),
    bundles: new Map(bundles),
    cli: new Map(skillMenu.cliEntries.map((entry) => [entry.skillId, cliItem(entry)])),
    resources: new Map(manifest.resources.map((resource) => [resource.id, resourceItem(resource)])),
    plugins: new Map(plugins.map(({ name, ...facts }) => [name, { facts, files: NO_FILES }])),
    files: new Map(
      [...files]
        .filter(([name]) => !told.has(name))
        .map(([name, bytes]) => [name, { facts: {}, files: new Map([[name, bytes]]) }]),
    ),
  }
}

type Take = (url: string) => readonly [name: string, bytes: Uint8Array]

function json(files: Files, name: string): unknown {
  return JSON.parse(new TextDecoder().decode(files.get(name)))
}

function promptItem(name: string, bytes: Uint8Array): Item {
  const files = new Map([[name, bytes]])
  try {
    const prompt = parsePrompt(textOf(bytes) ?? '')
    const facts = AGENT_KEYS.flatMap((key): [string, string | readonly string[]][] => {
      const value = key === 'type' || key === 'flow' ? undefined : prompt[key]
      if (value === undefined) return []
      return [[key, typeof value === 'object' ? value : String(value)]]
    })
    return { facts: Object.fromEntries(facts), files }
  } catch {
    return { facts: {}, files }
  }
}

/** What a flow tells besides its prompts. */
function contractItem(name: string, bytes: Uint8Array): Item {
  try {
    const { contracts } = flowBundleSchema.parse(JSON.parse(textOf(bytes) ?? ''))
    const files = Object.entries(contracts).flatMap(([role, text]) =>
      text === undefined ? [] : [[`${role} contract`, encoded(text)] as const],
    )
    return { facts: {}, files: new Map(files) }
  } catch {
    return { facts: {}, files: new Map([[name, bytes]]) }
  }
}

function skillItems({ categories }: SkillMenu, take: Take) {
  const skills: [string, Item][] = []
  const bundles: [string, Item][] = []
  for (const [category, entries] of Object.entries(categories)) {
    for (const entry of entries) {
      const [name, bytes] = take(entry.downloadUrl)
      const facts = { category, description: entry.name }
      if ('bundle' in entry) {
        const variants = entry.variants.map((variant) => `${variant.id}${marks(variant)}`)
        bundles.push([entry.id, { facts: { ...facts, variants }, files: bundleFiles(name, bytes) }])
        continue
      }
      const { framework, default: isDefault } = entry
      skills.push([
        entry.id,
        { facts: { ...facts, ...present({ framework, default: isDefault }) }, files: unpack(name, bytes) },
      ])
    }
  }
  return { skills, bundles }
}

function marks(variant: { readonly framework?: string | undefined; readonly default?: true | undefined }) {
  const words = [variant.framework, variant.default === true ? 'default' : undefined].filter(Boolean)
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function bundleFiles(name: string, bytes: Uint8Array): Files {
  try {
    const { variants } = skillBundleSchema.parse(JSON.parse(textOf(bytes) ?? ''))
    return new Map(
      Object.entries(variants).flatMap(([variant, files]) =>
        Object.entries(files).map(([path, text]) => [`${variant}/${path}`, encoded(text)] as const),
      ),
    )
  } catch {
    return new Map([[name, bytes]])
  }
}

function cliItem({ skillId: _, ...entry }: CliEntry): Item {
  return { facts: present(entry), files: NO_FILES }
}

function resourceItem(resource: ReturnType<typeof manifestSchema.parse>['resources'][number]): Item {
  const { name, uri, description, tags } = resource
  const facts = { name, uri, description, tags, type: resource.resource.mimeType }
  // The text of a skill's resource is an address.
  const files = 'file' in resource ? NO_FILES : new Map([['text', encoded(resource.resource.text)]])
  return { facts, files }
}

function present(values: Readonly<Record<string, string | true | undefined>>): Facts {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  )
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
