/**
 * The setup client as `wire.md` §1 describes it, written from that page alone: it imports nothing of ours, so
 * that it shares no mistake with the server, and none with our own client.
 */
import { unzipSync } from 'fflate'

export interface WizardPrompt {
  readonly type: string
  readonly label: string
  readonly flow: string
  readonly seed: boolean
  readonly sink: boolean
  readonly runnerSeeded: boolean
  readonly modelPi: string | undefined
  readonly modelSdk: string | undefined
  readonly effortPi: string | undefined
  readonly effortSdk: string | undefined
  readonly skills: readonly string[]
  readonly allowedTools: readonly string[]
  readonly disallowedTools: readonly string[]
  readonly dependsOn: readonly string[]
  readonly body: string
}

export interface SkillEntry {
  readonly id: string
  readonly name: string
  readonly group: string
  readonly downloadUrl: string
  readonly framework?: string
  readonly default?: boolean
}

interface Variant {
  readonly id: string
  readonly framework?: string
  readonly default?: boolean
}

export interface BundleEntry extends SkillEntry {
  readonly bundle: true
  readonly variants: readonly Variant[]
}

export interface CliEntry {
  readonly skillId: string
  readonly role: string
  readonly parentCommand?: string
  readonly command?: string
  readonly displayName: string
  readonly description: string
}

export interface SkillMenu {
  readonly version: string
  readonly categories: Readonly<Record<string, readonly (SkillEntry | BundleEntry)[]>>
  readonly cliEntries: readonly CliEntry[]
}

export interface AgentMenu {
  readonly version: string
  readonly agents: readonly { readonly id: string; readonly flow: string; readonly downloadUrl: string }[]
}

/** Relative path → text. */
export type SkillFiles = Readonly<Record<string, string>>

/** Plain GET; whatever is not 2xx is tried three times, then ends the run. */
export async function get(url: string): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(url)
    if (response.ok) return response
    if (attempt === 3) throw new Error(`${url} answered ${response.status}`)
  }
}

/** The body of a plain GET, taken at its word. */
export async function json<T>(url: string): Promise<T> {
  return (await (await get(url)).json()) as T
}

/** All that a run of one flow needs, or the error that ends it. */
export async function prepare(base: string, flow: string, framework: string) {
  const menu = await json<AgentMenu>(`${base}/agent-menu.json`)
  const prompts = await Promise.all(
    menu.agents.map(async ({ downloadUrl }) => parsePrompt(await (await get(downloadUrl)).text())),
  )
  const own = prompts.filter((prompt) => prompt.flow === flow)
  assertRunnable(flow, own)
  const skills = new Map<string, SkillFiles>()
  for (const id of new Set(own.flatMap((prompt) => prompt.skills))) {
    skills.set(id, await install(base, id, framework))
  }
  return { prompts: own, skills }
}

function assertRunnable(flow: string, prompts: readonly WizardPrompt[]): void {
  const seeds = prompts.filter(({ seed }) => seed).length
  const sinks = prompts.filter(({ sink }) => sink).length
  if (seeds !== 1) throw new Error(`${flow} has ${seeds} seeds`)
  if (sinks > 1) throw new Error(`${flow} has ${sinks} sinks`)
  if (sinks === 0 && prompts.some(({ runnerSeeded }) => runnerSeeded)) throw new Error(`${flow} has no sink`)
}

/** The menu is read anew for each install, and the address in it is fetched as it is. */
async function install(base: string, id: string, framework: string): Promise<SkillFiles> {
  const menu = await json<SkillMenu>(`${base}/skill-menu.json`)
  const found = resolve(entriesOf(menu), id, framework)
  if (found === undefined) throw new Error(`no skill ${id} for ${framework}`)
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(found.id)) throw new Error(`${found.id} cannot be installed`)
  const response = await get(found.downloadUrl)
  if (!found.bundle) return unzipped(new Uint8Array(await response.arrayBuffer()))
  const bundle = (await response.json()) as { id: string; variants: Record<string, SkillFiles> }
  const files = bundle.variants[found.id.slice(bundle.id.length + 1)]
  if (files === undefined) throw new Error(`the bundle ${bundle.id} lacks ${found.id}`)
  return files
}

function unzipped(bytes: Uint8Array): SkillFiles {
  const text = new TextDecoder()
  return Object.fromEntries(Object.entries(unzipSync(bytes)).map(([path, data]) => [path, text.decode(data)]))
}

interface Offer extends SkillEntry {
  readonly bundle: boolean
}

/** Every skill that the menu offers; a bundle offers one for each of its variants. */
export function entriesOf(menu: SkillMenu): Offer[] {
  return Object.values(menu.categories)
    .flat()
    .flatMap((entry): Offer[] => {
      if (!('bundle' in entry)) return [{ ...entry, bundle: false }]
      const { id, name, group, downloadUrl } = entry
      return entry.variants.map((variant) => ({
        ...variant,
        id: `${id}-${variant.id}`,
        name,
        group,
        downloadUrl,
        bundle: true,
      }))
    })
}

/** The exact id; else, among the variants of that group for the framework, the default one or the first. */
export function resolve<Entry extends SkillEntry>(
  entries: readonly Entry[],
  id: string,
  framework: string,
): Entry | undefined {
  const exact = entries.find((entry) => entry.id === id)
  if (exact) return exact
  const fitting = entries.filter((entry) => entry.group === id && entry.framework === framework)
  return fitting.find((entry) => entry.default) ?? fitting[0]
}

/** Flat lines only. What is not understood is not complained about: it is empty, or not there. */
export function parsePrompt(text: string): WizardPrompt {
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
  if (head === undefined || body === undefined) throw new Error('no frontmatter')
  const values = new Map<string, string>()
  for (const raw of head.split('\n')) {
    const [, key, value] = /^([A-Za-z_]+):(.*)$/.exec(raw.replace(/\s+#.*$/, '')) ?? []
    if (key !== undefined && value !== undefined) values.set(key, unquoted(value.trim()))
  }
  const isTrue = (key: string): boolean => values.get(key) === 'true'
  const list = (key: string): string[] => listOf(values.get(key) ?? '')
  return {
    type: values.get('type') ?? '',
    label: values.get('label') ?? '',
    flow: values.get('flow') ?? '',
    seed: isTrue('seed'),
    sink: isTrue('sink'),
    runnerSeeded: isTrue('runnerSeeded'),
    modelPi: values.get('model_pi'),
    modelSdk: values.get('model_sdk'),
    effortPi: values.get('effort_pi'),
    effortSdk: values.get('effort_sdk'),
    skills: list('skills'),
    allowedTools: list('allowedTools'),
    disallowedTools: list('disallowedTools'),
    dependsOn: list('dependsOn'),
    body,
  }
}

function listOf(value: string): string[] {
  const [, inner = ''] = /^\[(.*)\]$/.exec(value) ?? []
  return inner
    .split(',')
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== '')
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value
}
