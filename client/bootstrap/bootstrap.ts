import { agentMenuSchema, type FlowBundle, flowBundleSchema } from '../../schemas/agent-menu.ts'
import type { AgentPrompt } from '../../schemas/agent-prompt.ts'
import { channelName } from '../../schemas/channel.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { parsePrompt } from '../../schemas/flat-prompt.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'
import { closest } from '../../schemas/suggest.ts'
import { installer } from '../install/install.ts'
import { type AvailableSkill, availableSkills, frameworksOf, resolveSkill } from '../install/resolve.ts'
import { type SkillShelf, skillShelf } from '../install/shelf.ts'
import { unpack } from '../install/unpack.ts'
import { checkFlow, type FlowPrompts } from '../prompts/flow.ts'
import type { InstalledSkill, Registry } from '../prompts/registry.ts'
import { type Fetched, fetchBytes } from './fetch.ts'
import { parseMenu, sameOrigin, verifyBytes } from './verify.ts'

export interface BootstrapOptions {
  readonly base: string
  readonly flow: string
  readonly framework: string | null
  /** Absolute path of the folder that skills are unpacked into; inside the app. */
  readonly skillsFolder: string
  /** Absolute path of the app's folder. */
  readonly app: string
  readonly fetch?: typeof globalThis.fetch
  readonly signal: AbortSignal
}

/** A registry, the channel it was read from when the server told one, and the skills of its release. */
export interface BootstrappedRegistry extends Registry {
  readonly channel: string | null
  readonly shelf: SkillShelf
}

/** Requests under way at the same time. */
const LANES = 6

/**
 * Fetches, verifies and installs all that a run of one flow needs. There is no network after it.
 * @throws {CommandError} `run/<problem>` or `install/<problem>`
 */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrappedRegistry> {
  const stop = new AbortController()
  const session = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  try {
    return await read(session)
  } finally {
    // What is still under way after a refusal serves nobody.
    stop.abort()
  }
}

async function read(options: BootstrapOptions): Promise<BootstrappedRegistry> {
  const menuUrl = `${options.base.replace(/\/+$/, '')}/agent-menu.json`
  const { bytes, headers } = await fetchBytes(menuUrl, options)
  const menu = parseMenu(agentMenuSchema, menuUrl, bytes)
  const flow = menu.flows.find((entry) => entry.id === options.flow)
  if (flow === undefined)
    throw unknownFlow(
      options,
      menu.flows.map((entry) => entry.id),
    )
  const [bundle, skills] = await Promise.all([
    fetchArtifact(flow, options).then((found) => parseMenu(flowBundleSchema, flow.downloadUrl, found)),
    fetchSkillMenu(menu, options),
  ])
  const prompts = checkFlow(options.flow, readPrompts(options.flow, bundle))
  return {
    flow: options.flow,
    release: menu.buildVersion,
    channel: channelName.safeParse(headers.get('mill-channel')).data ?? null,
    ...prompts,
    contracts: bundle.contracts,
    ...(await installAll(resolveAll(prompts, skills, options.framework), skills, options)),
  }
}

interface ArtifactEntry {
  readonly downloadUrl: string
  readonly digest: string
  readonly size: number
}

async function fetchArtifact(entry: ArtifactEntry, options: BootstrapOptions): Promise<Uint8Array> {
  const { downloadUrl, digest, size } = entry
  const { bytes } = await fetchBytes(downloadUrl, options)
  return verifyBytes({ name: downloadUrl, digest, size }, bytes)
}

/** The menu of the very release that the agent menu belongs to. */
async function fetchSkillMenu(
  menu: { readonly releaseUrl: string; readonly buildVersion: string },
  options: BootstrapOptions,
): Promise<readonly AvailableSkill[]> {
  const url = sameOrigin(options.base, menu.releaseUrl).href.replace(/\/*$/, '/skill-menu.json')
  const { bytes }: Fetched = await fetchBytes(url, options)
  const skillMenu = parseMenu(skillMenuSchema, url, bytes)
  if (skillMenu.buildVersion === menu.buildVersion) return availableSkills(skillMenu)
  throw new CommandError(
    'run/menu-invalid',
    `Cannot read "${url}": at buildVersion: expected "${menu.buildVersion}" as in the agent menu, got "${skillMenu.buildVersion}"`,
  )
}

function readPrompts(flow: string, bundle: FlowBundle): AgentPrompt[] {
  if (bundle.flow !== flow) throw flowInvalid(flow, `its file holds flow "${bundle.flow}"`)
  return Object.entries(bundle.agents).map(([type, text]) => {
    const prompt = readPrompt(flow, type, text)
    if (prompt.type === type) return prompt
    throw flowInvalid(flow, `prompt "${type}" says its type is "${prompt.type}"`)
  })
}

function readPrompt(flow: string, type: string, text: string): AgentPrompt {
  try {
    return parsePrompt(text)
  } catch (cause) {
    throw flowInvalid(flow, `prompt "${type}": ${(cause as Error).message}`, cause)
  }
}

function flowInvalid(flow: string, why: string, cause?: unknown): CommandError {
  return new CommandError('run/flow-invalid', `Cannot run flow "${flow}": ${why}`, { cause })
}

/** Skill name as written → the skill it means here. */
function resolveAll(
  flow: FlowPrompts,
  skills: readonly AvailableSkill[],
  framework: string | null,
): ReadonlyMap<string, AvailableSkill> {
  const wanted = [flow.seed, ...flow.prompts.values()].flatMap((prompt) =>
    prompt.skills.map((id) => ({ id, type: prompt.type })),
  )
  return new Map(
    wanted.map(({ id, type }) => {
      const skill = resolveSkill(skills, id, framework)
      if (skill !== null) return [id, skill]
      const known = frameworksOf(skills, id)
      const there = known.length === 0 ? 'the release has no such skill' : `it exists for ${known.join(', ')}`
      const app = framework === null ? 'an app of no known framework' : `framework "${framework}"`
      throw new CommandError(
        'run/skill-missing',
        `Cannot resolve skill "${id}" of prompt "${type}" for ${app}: ${there}`,
      )
    }),
  )
}

/** One request per distinct artifact: the variants of a bundle share theirs. */
async function installAll(
  resolved: ReadonlyMap<string, AvailableSkill>,
  available: readonly AvailableSkill[],
  options: BootstrapOptions,
): Promise<Pick<BootstrappedRegistry, 'skills' | 'shelf'>> {
  const install = installer(options)
  const wanted = Map.groupBy(resolved.values(), (skill) => skill.digest)
  const artifacts = new Map<string, Uint8Array>()
  await inLanes([...wanted.values()], async ([skill]) => {
    if (skill) artifacts.set(skill.digest, await fetchArtifact(skill, options))
  })
  const skills = new Map<string, InstalledSkill>()
  for (const [name, skill] of resolved) {
    const bytes = artifacts.get(skill.digest) ?? new Uint8Array()
    skills.set(name, await install(skill.id, () => unpack(skill, bytes)))
  }
  return { skills, shelf: skillShelf({ available, framework: options.framework, artifacts, install }) }
}

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

function unknownFlow(options: BootstrapOptions, known: readonly string[]): CommandError {
  const near = closest(options.flow, known)
  const there = known.length === 0 ? 'the release has no flows' : `the release has ${known.join(', ')}`
  return new CommandError(
    'run/unknown-flow',
    `Cannot run flow "${options.flow}": ${there}${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { exit: EXIT.usage },
  )
}
