import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { root, type Served, scratch, served } from '../house/mill.ts'
import {
  type AgentMenu,
  type BundleEntry,
  type CliEntry,
  entriesOf,
  get,
  json,
  prepare,
  type SkillEntry,
  type SkillMenu,
  type WizardPrompt,
} from './wizard.ts'

const ANTHROPIC = ['claude-sonnet-4-6', 'claude-sonnet-5', 'claude-opus-4-8', 'claude-haiku-4-5-20251001']
const OPENAI = ['openai/gpt-5.6-luna', 'openai/gpt-5.6-terra', 'openai/gpt-5.6-sol']

const keys = Object.keys

interface Resource {
  readonly id: string
  readonly name: string
  readonly uri: string
  readonly file?: string
  readonly downloadUrl?: string
  readonly resource: { readonly mimeType: string; readonly description: string; readonly text: string }
}
interface Manifest {
  readonly resources: readonly Resource[]
}

/** What an author wrote, as a YAML reader has it. */
function written(content: string, flow: string): Map<string, Record<string, unknown>> {
  const folder = join(root, content, 'agents', flow)
  const files = readdirSync(folder).filter((file) => file.endsWith('.md') && file !== 'README.md')
  return new Map(
    files.map((file) => {
      const [, head = ''] = readFileSync(join(folder, file), 'utf8').split(/^---\n/m)
      return [file.slice(0, -3), parse(head)]
    }),
  )
}

/** The prompt that a reader of real YAML would have made of it; `model` alone stands for `model_sdk`. */
function meant(head: Record<string, unknown>): Omit<WizardPrompt, 'body'> {
  const { label = '', model, model_pi, model_sdk = model_pi === undefined ? model : undefined } = head
  const list = (key: string) => (head[key] ?? []) as string[]
  return {
    type: head.type as string,
    flow: head.flow as string,
    label: label as string,
    seed: head.seed === true,
    sink: head.sink === true,
    runnerSeeded: head.runnerSeeded === true,
    modelPi: model_pi as string | undefined,
    modelSdk: model_sdk as string | undefined,
    effortPi: head.effort_pi as string | undefined,
    effortSdk: head.effort_sdk as string | undefined,
    skills: list('skills'),
    allowedTools: list('allowedTools'),
    disallowedTools: list('disallowedTools'),
    dependsOn: list('dependsOn'),
  }
}

function expectEntry(entry: SkillEntry | BundleEntry, group: string): void {
  const { digest: _, size: __, ...known } = entry as SkillEntry & { digest: string; size: number }
  const bundle = 'bundle' in entry
  const order = bundle
    ? ['id', 'name', 'group', 'bundle', 'variants', 'downloadUrl']
    : ['id', 'name', 'group', 'downloadUrl', 'framework', 'default'].filter((name) => name in known)
  expect(keys(known)).toEqual(order)
  expect(entry.group).toBe(group)
  expect(`${entry.id}-`.startsWith(`${group}-`)).toBe(true)
  expect(entry.downloadUrl).toMatch(new RegExp(`/${entry.id}\\.${bundle ? 'json' : 'zip'}$`))
  expect(entry.default ?? true).toBe(true)
}

describe.each([
  { content: 'content', flows: ['integrate-posthog', 'walking-skeleton'] },
  { content: 'test/fixtures/content-small', flows: ['hello'] },
])('the wizard against a server of $content', ({ content, flows }) => {
  const dir = scratch()
  let server: Served
  let base = ''
  beforeAll(async () => {
    const store = join(dir.path, 'store')
    server = await served(['serve', '--content', content, '--root', 'dev', '--store', store])
    base = server.base.replace(/\/+$/, '')
  })
  afterAll(async () => {
    await server.stop()
    dir[Symbol.dispose]()
  })

  test.each(flows.flatMap((flow) => ['nextjs', 'express'].map((framework) => [flow, framework])))(
    'can run %s for %s: one seed, at most one sink, every skill there with its SKILL.md',
    async (flow = '', framework = '') => {
      for (const channel of [base, `${base}/channels/dev`]) {
        const { prompts, skills } = await prepare(channel, flow, framework)
        expect(prompts.length).toBeGreaterThan(2)
        for (const [id, files] of skills) {
          expect(files['SKILL.md'], id).toMatch(/^---\nname: /)
          const others = keys(files).filter((path) => path !== 'SKILL.md')
          expect(others.filter((path) => /^\/|\\|(^|\/)\.\.?(\/|$)/.test(path))).toEqual([])
        }
      }
    },
  )

  test.each(flows)('reads in every prompt of %s what its author meant', async (flow) => {
    const { prompts } = await prepare(base, flow, 'nextjs')
    const authored = written(content, flow)
    expect(prompts.map(({ type }) => type)).toEqual([...authored.keys()].sort())
    for (const { body, ...prompt } of prompts) {
      expect(prompt).toEqual(meant(authored.get(prompt.type) ?? {}))
      expect(body).toMatch(/^## Goal\n\n\S/)
      expect(body).not.toContain('{{>')
    }
  })

  test('agent-menu.json has its fields in their order, sorted by flow, then id', async () => {
    const menu = await json<AgentMenu>(`${base}/agent-menu.json`)
    expect(keys(menu).slice(0, 2)).toEqual(['version', 'buildVersion'])
    expect(menu.version).toBe('1.0')
    for (const agent of menu.agents) {
      expect(keys(agent).slice(0, 3)).toEqual(['id', 'flow', 'downloadUrl'])
      expect(agent.downloadUrl).toMatch(new RegExp(`^${base}/.*agents-${agent.flow}-${agent.id}\\.md$`))
    }
    const names = menu.agents.map(({ flow, id }) => `${flow}\0${id}`)
    expect(names).toEqual([...names].sort())
  })

  test('skill-menu.json has its fields in their order, and ids that follow from groups', async () => {
    const menu = await json<SkillMenu>(`${base}/skill-menu.json`)
    expect(keys(menu)).toEqual(['version', 'buildVersion', 'categories', 'cliEntries'])
    expect(menu.version).toBe('1.0')
    for (const [key, entries] of Object.entries(menu.categories)) {
      for (const entry of entries) expectEntry(entry, key.replaceAll('/', '-'))
    }
    const ids = entriesOf(menu).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z0-9][a-z0-9_-]*$/.test(id))).toEqual([])
  })

  test('cliEntries name skills of the menu, by role, then parent, then command', async () => {
    const menu = await json<SkillMenu>(`${base}/skill-menu.json`)
    const ids = entriesOf(menu).map(({ id }) => id)
    const ROLES = ['command', 'skill', 'internal']
    const order = ['skillId', 'role', 'parentCommand', 'command', 'default', 'displayName', 'description']
    const rank = (entry: CliEntry) =>
      `${ROLES.indexOf(entry.role)} ${entry.parentCommand ?? ''}\0${entry.command ?? ''}`
    for (const entry of menu.cliEntries) {
      expect(ids).toContain(entry.skillId)
      expect(ROLES).toContain(entry.role)
      expect(keys(entry)).toEqual(order.filter((name) => name in entry))
      expect(entry.displayName).toMatch(/\S/)
      expect(entry.description).toMatch(/\S/)
    }
    const ranks = menu.cliEntries.map(rank)
    expect(ranks).toEqual([...ranks].sort())
  })

  test('the manifest is complete, by itself and in the archive of all skills', async () => {
    const menu = await json<SkillMenu>(`${base}/skill-menu.json`)
    const zips = entriesOf(menu).filter(({ bundle }) => !bundle)
    const bundles = [
      ...new Set(
        entriesOf(menu)
          .filter(({ bundle }) => bundle)
          .map(({ group }) => group),
      ),
    ]
    const manifest = await json<Manifest>(`${base}/manifest.json`)
    expect(await json(`${base}/skills/manifest.json`)).toEqual(manifest)
    for (const { resource, ...entry } of manifest.resources) {
      const needed = [entry.id, entry.name, entry.uri, resource.mimeType, resource.description, resource.text]
      expect(needed.filter((value) => typeof value !== 'string' || value === '')).toEqual([])
      if (entry.file === undefined) continue
      expect(entry.file).toBe(`${entry.id}.zip`)
      expect(resource).toMatchObject({ mimeType: 'text/plain', text: entry.downloadUrl })
    }
    const names = manifest.resources.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const skills = manifest.resources.filter(({ file }) => file !== undefined)
    expect(skills.map(({ id }) => id).sort()).toEqual(zips.map(({ id }) => id).sort())
    const bytes = await (await get(`${base}/skills-mcp-resources.zip`)).arrayBuffer()
    const archive = unzipSync(new Uint8Array(bytes))
    const [first, ...files] = keys(archive)
    expect(first).toBe('manifest.json')
    expect(files.slice(0, zips.length).sort()).toEqual(zips.map(({ id }) => `${id}.zip`).sort())
    expect(files.slice(zips.length).sort()).toEqual(bundles.map((id) => `${id}.json`).sort())
    expect(JSON.parse(new TextDecoder().decode(archive[first ?? ''])).resources).toHaveLength(names.length)
  })

  test('older addresses of prompts answer the same bytes', async () => {
    const menu = await json<AgentMenu>(`${base}/agent-menu.json`)
    for (const { flow, id, downloadUrl } of menu.agents) {
      const text = await (await get(downloadUrl)).text()
      for (const folder of ['', '/agents']) {
        expect(await (await get(`${base}${folder}/agents-${flow}-${id}.md`)).text()).toBe(text)
      }
    }
  })
})

test('our flows name, for every task, models that the wizard can dispatch', () => {
  for (const flow of ['integrate-posthog', 'walking-skeleton']) {
    for (const [type, { model_sdk, model_pi }] of written('content', flow)) {
      expect(ANTHROPIC, type).toContain(model_sdk)
      expect(OPENAI, type).toContain(model_pi)
    }
  }
})
