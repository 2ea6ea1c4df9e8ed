import { flowBundleSchema } from '../../schemas/agent-menu.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { closest } from '../../schemas/suggest.ts'
import { installer } from '../install/install.ts'
import { type AvailableSkill, frameworksOf, resolveSkill } from '../install/resolve.ts'
import { type SkillShelf, skillShelf } from '../install/shelf.ts'
import { unpack } from '../install/unpack.ts'
import { checkFlow, type FlowPrompts } from '../prompts/flow.ts'
import type { InstalledSkill, Registry } from '../prompts/registry.ts'
import { type ArtifactOptions, fetchArtifact, fetchArtifacts } from './artifact.ts'
import { releaseByMenus } from './by-menus.ts'
import type { FetchOptions } from './fetch.ts'
import { readPrompts } from './read-flow.ts'
import type { AvailableFlow, ReleaseSource } from './release-source.ts'
import type { Trust } from './trust.ts'
import { parseMenu } from './verify.ts'

export interface BootstrapOptions extends Pick<FetchOptions, 'fetch' | 'timeoutMs' | 'pauseMs'> {
  readonly base: string
  readonly flow: string
  readonly framework: string | null
  /** Absolute path of the folder that skills are unpacked into; inside the app. */
  readonly skillsFolder: string
  /** Absolute path of the app's folder. */
  readonly app: string
  readonly signal: AbortSignal
  /** Key that the server is held to; absent: it is believed, and its bytes are held against its own menus. */
  readonly trust?: Trust
  /** How long all of it may take; milliseconds. */
  readonly totalMs?: number
}

/** A registry, the channel it was read from when the server told one, and the skills of its release. */
export interface BootstrappedRegistry extends Registry {
  readonly channel: string | null
  readonly shelf: SkillShelf
}

const TOTAL_MS = 120_000

/**
 * Fetches, verifies and installs all that a run of one flow needs. There is no network after it.
 * @throws {CommandError} `run/<problem>`, `trust/<problem>` or `install/<problem>`
 */
export async function bootstrap(options: BootstrapOptions): Promise<BootstrappedRegistry> {
  const { base, totalMs = TOTAL_MS } = options
  const stop = new AbortController()
  const tooSlow = new CommandError(
    'run/too-slow',
    `Cannot wait for "${base}": not all was there in ${totalMs} ms`,
  )
  const timer = setTimeout(() => stop.abort(tooSlow), totalMs)
  const session = { ...options, signal: AbortSignal.any([options.signal, stop.signal]) }
  try {
    return await read(session)
  } finally {
    clearTimeout(timer)
    // What is still under way after a refusal serves nobody.
    stop.abort()
  }
}

async function read(options: BootstrapOptions): Promise<BootstrappedRegistry> {
  const { trust } = options
  const { release, channel, flows, skills } = await sourceOf(options)
  const flow = flowNamed(options.flow, flows)
  const session = { ...options, cache: trust?.cache }
  const [bundle, available] = await Promise.all([
    fetchArtifact(flow, session).then((found) => parseMenu(flowBundleSchema, flow.downloadUrl, found)),
    skills(),
  ])
  const prompts = checkFlow(options.flow, readPrompts(options.flow, bundle))
  return {
    flow: options.flow,
    release,
    channel,
    ...prompts,
    contracts: bundle.contracts,
    ...(await installAll(resolveAll(prompts, available, options.framework), available, session)),
  }
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

/** What it takes to check a signature is only loaded where there is a key. */
async function sourceOf({ trust, ...options }: BootstrapOptions): Promise<ReleaseSource> {
  if (trust === undefined) return releaseByMenus(options)
  const { releaseByIndex } = await import('./by-index.ts')
  return releaseByIndex({ ...options, trust })
}

async function installAll(
  resolved: ReadonlyMap<string, AvailableSkill>,
  available: readonly AvailableSkill[],
  options: BootstrapOptions & ArtifactOptions,
): Promise<Pick<BootstrappedRegistry, 'skills' | 'shelf'>> {
  const install = installer(options)
  const artifacts = await fetchArtifacts(resolved.values(), options)
  const skills = new Map<string, InstalledSkill>()
  for (const [name, skill] of resolved) {
    const bytes = artifacts.get(skill.digest) ?? new Uint8Array()
    skills.set(name, await install(skill.id, () => unpack(skill, bytes)))
  }
  return { skills, shelf: skillShelf({ available, framework: options.framework, artifacts, install }) }
}

function flowNamed(flow: string, flows: readonly AvailableFlow[]): AvailableFlow {
  const found = flows.find(({ id }) => id === flow)
  if (found !== undefined) return found
  const known = flows.map(({ id }) => id)
  const near = closest(flow, known)
  const there = known.length === 0 ? 'the release has no flows' : `the release has ${known.join(', ')}`
  throw new CommandError(
    'run/unknown-flow',
    `Cannot run flow "${flow}": ${there}${near === undefined ? '' : `; did you mean "${near}"?`}`,
    { exit: EXIT.usage },
  )
}
