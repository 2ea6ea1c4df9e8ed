/** `mill run --harness ai` as a person would start it, on a served release, with a scripted model. */
import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bin, root, type Served, scratch, served } from '../../../house/mill.ts'
import { type ModelAnswer, modelServer } from '../model-server.ts'
import { OFFLINE_POLICIES } from '../offline-policies.ts'
import { type ChatRequest, chatServer } from '../openai-server.ts'
import { policyModel } from '../policy-model.ts'

const KEY = 'key-that-nobody-may-see'
const dir = scratch()
let server: Served
beforeAll(async () => {
  server = await served([
    'serve',
    '--content',
    'content',
    '--root',
    'dev',
    '--store',
    join(dir.path, 'store'),
  ])
})
afterAll(async () => {
  await server.stop()
  dir[Symbol.dispose]()
})

const enqueue = (type: string, ...dependsOn: string[]) => ({
  tool: 'enqueue_task',
  input: { type, dependsOn },
})

/** Plans as the seed's prompt says, with the ids it was answered; a task leaves its marker and reports. */
function brain({ system, prompt, turn, results }: ChatRequest): ModelAnswer {
  const told = `${system}\n${prompt}`
  const [, id, type] = /^- Task: (t\d+) \((\S+)\)/m.exec(told) ?? []
  if (id === undefined || type === undefined) return planned(turn, results)
  const marker = `${/Run folder: (\S+)/.exec(told)?.[1]}/markers/${id}-${type}.txt`
  if (turn === 0)
    return { calls: [{ tool: 'Write', input: { file_path: marker, content: `${id} ${type}\n` } }] }
  const handoff = { goals: 'Leave a marker', did: `Wrote ${marker}`, forNextAgent: 'Nothing has changed' }
  return { calls: [{ tool: 'complete_task', input: { status: 'done', handoff } }] }
}

let ids: readonly string[] = []
function planned(turn: number, results: readonly string[]): ModelAnswer {
  const answered = results.map((text) => /\bt[1-9]\d*\b/.exec(text)?.[0] ?? text)
  if (turn > 0) ids = [...ids, ...answered]
  const [install = '', init = '', plan = '', capture = ''] = ids
  if (turn === 0) return { calls: [enqueue('install'), enqueue('init'), enqueue('plan-capture')] }
  if (turn === 1) return { calls: [enqueue('capture', plan, init)] }
  return turn === 2 ? { calls: [enqueue('report', install, capture)] } : {}
}

/** Runs the command on a copy of an example app; what it said, and the folder it left. */
async function mill(fixture: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const app = join(dir.path, fixture)
  cpSync(join(root, 'test/fixtures/apps', fixture), app, { recursive: true })
  const run = ['run', app, '--base', server.base, '--harness', 'ai', ...args]
  const child = spawn(process.execPath, [bin, ...run], {
    env: { ...process.env, NO_COLOR: '1', MILL_SCRIPTED_MODEL: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const [id = ''] = readdirSync(join(app, '.mill/runs')).filter((name) => !name.includes('.'))
  const folder = join(app, '.mill/runs', id)
  return { app, code, said, folder, journal: readFileSync(join(folder, 'audit.jsonl'), 'utf8') }
}

/** Nothing of a run holds the key, nor a price that somebody made up. */
function expectHonest({ said, folder, journal }: Awaited<ReturnType<typeof mill>>): void {
  expect(said).toContain('ai (model: scripted)')
  expect(said).not.toMatch(/\$[0-9]/)
  expect(journal).not.toMatch(/"usd":[0-9.]*[1-9]/)
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(KEY)
  }
  expect(said).not.toContain(KEY)
}

test('mill run --harness ai plans and finishes the walking skeleton, says that its model is scripted, and shows no key', async () => {
  const chat = await chatServer({ brain, key: KEY })
  const args = ['--flow', 'walking-skeleton', '--concurrency', '2', '--model-url', chat.base]
  const ran = await mill('express-clean', args, { MILL_OPENAI_API_KEY: KEY })
  await chat.close()
  expect([ran.code, chat.refusals]).toEqual([0, []])
  expect(readdirSync(join(ran.folder, 'markers')).sort()).toEqual([
    't1-install.txt',
    't2-init.txt',
    't3-plan-capture.txt',
    't4-capture.txt',
    't5-report.txt',
  ])
  expect(ran.journal).toContain('"model":"openai/gpt-5.6-luna"')
  expectHonest(ran)
}, 60_000)

test('mill run --harness ai --sequence linear does all of a flow in one conversation, on the one model it was told', async () => {
  const model = await modelServer(policyModel('integrate-posthog', OFFLINE_POLICIES), KEY)
  const args = ['--flow', 'integrate-posthog', '--sequence', 'linear', '--model', 'claude-haiku-4-5']
  const ran = await mill('nextjs-clean', args, { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: model.base })
  await model.close()
  expect([ran.code, model.refusals, model.strays]).toEqual([0, [], []])
  expect(ran.said).toContain('integrate-posthog: succeeded')
  const { journal } = model
  expect(new Set(journal.map(({ prompt }) => prompt)).size).toBe(1)
  expect(journal.map(({ turn }) => turn)).toEqual(journal.map((_, at) => at))
  expect(new Set(journal.map(({ body }) => body.model))).toEqual(new Set(['claude-haiku-4-5']))
  const tools = journal[0]?.body.tools?.map(({ name }) => name)
  expect(tools).toContain('Edit')
  expect(tools).not.toContain('enqueue_task')
  expect(ran.journal.match(/"e":"task-started"/g)).toHaveLength(1)
  expect(readFileSync(join(ran.app, 'package.json'), 'utf8')).toContain('posthog-js')
  expectHonest(ran)
}, 60_000)
