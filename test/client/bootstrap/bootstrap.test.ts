import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bootstrap } from '../../../client/bootstrap/bootstrap.ts'
import { type FlowContent, type FlowServer, prompt, serveFlow } from '../flow-server.ts'

let app: string
let server: FlowServer
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'mill-bootstrap-'))
})
afterEach(async () => {
  server.close()
  await rm(app, { recursive: true, force: true })
})

async function boot(content: FlowContent = {}, more: { flow?: string; framework?: string | null } = {}) {
  server = await serveFlow(content)
  return bootstrap({
    base: `${server.base}/`,
    flow: 'demo',
    framework: 'nextjs',
    skillsFolder: join(app, '.mill', 'skills'),
    app,
    signal: AbortSignal.timeout(10_000),
    ...more,
  })
}

async function refusal(content: FlowContent, more?: { flow?: string; framework?: string | null }) {
  const error = await boot(content, more).catch((thrown) => thrown)
  expect(await readdir(app)).toEqual([])
  return error
}

test('bootstrap() answers everything a run needs, verified and installed', async () => {
  const registry = await boot()
  expect(registry).toMatchObject({
    flow: 'demo',
    release: 'r1',
    channel: 'dev',
    seed: { type: 'plan', seed: true },
    contracts: { seed: 'You plan', task: 'You do' },
  })
  expect([...registry.prompts.keys()]).toEqual(['init', 'capture', 'report'])
  expect([...registry.skills].map(([name, skill]) => [name, skill.folder])).toEqual([
    ['integration-init', '.mill/skills/integration-init-nextjs'],
    ['event-naming', '.mill/skills/event-naming'],
    ['integration-capture', '.mill/skills/integration-capture-nextjs'],
  ])
  for (const skill of registry.skills.values()) {
    expect(skill.files).toEqual(['SKILL.md', 'references/a.md'])
    expect(await readFile(join(app, skill.folder, 'SKILL.md'), 'utf8')).toMatch(/^# /)
  }
})

test('bootstrap() asks for each artifact once, and twelve requests do for nine tasks', async () => {
  const types = [
    'install',
    'init',
    'identify',
    'error-tracking',
    'plan-capture',
    'capture',
    'build',
    'dashboard',
  ]
  const archives = Object.fromEntries(
    ['event-naming', ...types.map((type) => `x-${type}`)].map((id) => [id, null]),
  )
  const agents = Object.fromEntries(
    types.map((type) => [type, prompt(type, `skills: [event-naming, x-${type}]`)]),
  )
  await boot({
    archives,
    bundles: {},
    agents: { plan: prompt('plan', 'seed: true'), report: prompt('report', 'sink: true'), ...agents },
  })
  expect(server.asked.length).toBeLessThanOrEqual(12)
  expect(new Set(server.asked).size).toBe(server.asked.length)
  server.close()
  const agent = prompt('a', 'skills: [both-nextjs, both-express, both]')
  await boot({
    agents: { plan: prompt('plan', 'seed: true'), a: agent },
    bundles: { both: ['nextjs', 'express'] },
  })
  expect(server.asked.filter((path) => path.endsWith('both.json'))).toHaveLength(1)
})

test('bootstrap() reads the skill menu of the very release the agent menu named', async () => {
  await boot()
  expect(server.asked).toContain('/v/r1/skill-menu.json')
  server.close()
  await rm(join(app, '.mill'), { recursive: true })
  expect(await refusal({ skillMenuVersion: 'r2' })).toMatchObject({
    code: 'run/menu-invalid',
    message: expect.stringContaining('expected "r1" as in the agent menu, got "r2"'),
  })
})

test('bootstrap() knows no channel when the server names none or no name of a channel', async () => {
  expect((await boot({ channel: null })).channel).toBeNull()
  server.close()
  expect((await boot({ channel: '../Evil' })).channel).toBeNull()
})

test('bootstrap() answers an unknown flow with those there are', async () => {
  expect(await refusal({}, { flow: 'demmo' })).toMatchObject({
    code: 'run/unknown-flow',
    exit: 2,
    message: 'Cannot run flow "demmo": the release has demo; did you mean "demo"?',
  })
})

test('bootstrap() says which prompt misses which skill, and for which frameworks it is there', async () => {
  expect(await refusal({}, { framework: 'django' })).toMatchObject({
    code: 'run/skill-missing',
    message:
      'Cannot resolve skill "integration-init" of prompt "init" for framework "django": it exists for nextjs',
  })
  server.close()
  const error = await refusal({ archives: {}, bundles: {} }, { framework: null })
  expect(error.message).toContain('for an app of no known framework: the release has no such skill')
})

test.each(['agents-demo.json', 'integration-init-nextjs.zip', 'integration-capture.json'])(
  'bootstrap() refuses %s with one flipped bit, and installs nothing',
  async (name) => {
    const tamper = (path: string, body: Buffer) => {
      if (!path.endsWith(name)) return body
      const flipped = Buffer.from(body)
      flipped[body.length >> 1] = (flipped[body.length >> 1] ?? 0) ^ 1
      return flipped
    }
    expect(await refusal({ tamper })).toMatchObject({
      code: 'run/digest-mismatch',
      message: expect.stringMatching(new RegExp(`/v/r1/${name}": expected SHA-256 [0-9a-f]{64}, got`)),
    })
  },
)

test.each([
  ['at releaseUrl', { releaseUrl: 'http://127.0.0.1:1/v/r1/' }, 'run/foreign-url'],
  [
    'of a bundle',
    { flows: [{ id: 'demo', downloadUrl: 'http://evil.example/x', digest: 'a'.repeat(64), size: 1 }] },
    'run/foreign-url',
  ],
  [
    'with a hostile id',
    { flows: [{ id: '../../x', downloadUrl: 'http://x/x', digest: 'a'.repeat(64), size: 1 }] },
    'run/menu-invalid',
  ],
  ['of another version', { version: '3.0' }, 'run/menu-invalid'],
])('bootstrap() refuses a menu %s', async (_, change, code) => {
  expect(await refusal({ menu: (menu) => ({ ...menu, ...change }) })).toMatchObject({ code })
})

test.each([
  ['no seed', { a: prompt('a') }, 'expected exactly one seed, found none'],
  ['two seeds', { a: prompt('a', 'seed: true'), b: prompt('b', 'seed: true') }, 'found "a", "b"'],
  ['a prompt under a wrong type', { a: prompt('b', 'seed: true') }, 'prompt "a" says its type is "b"'],
  ['a prompt that cannot be read', { a: 'no frontmatter' }, 'prompt "a": line 1: '],
])('bootstrap() refuses a flow with %s', async (_, agents, said) => {
  const error = await refusal({ agents })
  expect(error.code).toBe('run/flow-invalid')
  expect(error.message).toContain(said)
})

test('bootstrap() refuses a file that holds another flow', async () => {
  expect(await refusal({ bundleFlow: 'other' })).toMatchObject({ code: 'run/flow-invalid' })
})

test('bootstrap() ends with the reason of its signal', async () => {
  server = await serveFlow()
  const signal = AbortSignal.abort(new Error('SIGINT'))
  const options = {
    base: server.base,
    flow: 'demo',
    framework: null,
    skillsFolder: join(app, 'x'),
    app,
    signal,
  }
  await expect(bootstrap(options)).rejects.toThrow('SIGINT')
  expect(server.asked).toEqual([])
})
