/** `mill run --harness ai` as a person would start it, on a served release, with a scripted model. */
import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bin, root, type Served, scratch, served } from '../../../house/mill.ts'
import type { ModelAnswer } from '../model-server.ts'
import { type ChatRequest, chatServer } from '../openai-server.ts'

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

test('mill run --harness ai plans and finishes the walking skeleton, says that its model is scripted, and shows no key', async () => {
  const chat = await chatServer({ brain, key: KEY })
  const app = join(dir.path, 'app')
  cpSync(join(root, 'test/fixtures/apps/express-clean'), app, { recursive: true })
  const run = [
    'run',
    app,
    '--base',
    server.base,
    '--flow',
    'walking-skeleton',
    '--harness',
    'ai',
    '--concurrency',
    '2',
  ]
  const child = spawn(process.execPath, [bin, ...run, '--model-url', chat.base], {
    env: { ...process.env, NO_COLOR: '1', MILL_OPENAI_API_KEY: KEY, MILL_SCRIPTED_MODEL: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  await chat.close()
  expect([code, chat.refusals]).toEqual([0, []])
  expect(said).toContain('ai (model: scripted)')
  expect(said).not.toMatch(/\$[0-9]/)
  const [id = ''] = readdirSync(join(app, '.mill/runs')).filter((name) => !name.includes('.'))
  const folder = join(app, '.mill/runs', id)
  expect(readdirSync(join(folder, 'markers')).sort()).toEqual([
    't1-install.txt',
    't2-init.txt',
    't3-plan-capture.txt',
    't4-capture.txt',
    't5-report.txt',
  ])
  const journal = readFileSync(join(folder, 'audit.jsonl'), 'utf8')
  expect(journal).toContain('"model":"openai/gpt-5.6-luna"')
  expect(journal).not.toMatch(/"usd":[0-9.]*[1-9]/)
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(KEY)
  }
  expect(said).not.toContain(KEY)
}, 20_000)
