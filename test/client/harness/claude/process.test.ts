import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { claudeHarness } from '../../../../client/harness/claude/claude.ts'
import type { AgentHarness, AgentJob } from '../../../../client/harness/harness.ts'
import { Desk } from '../desk.ts'
import { type Brain, type ModelServer, modelServer } from '../model-server.ts'
import { SDK } from './scripted-claude.ts'

const KEY = 'key-that-nobody-may-see'
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Processes of agents of an app, by what the kernel says of their environment. */
async function processesOf(app: string): Promise<{ pid: number; environment: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name))
  const all = await Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      environment: await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => ''),
    })),
  )
  return all.filter(({ environment }) => environment.includes(`CLAUDE_CONFIG_DIR=${app}`))
}

async function until(holds: () => Promise<boolean> | boolean, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += 50) {
    if (await holds()) return true
    await sleep(50)
  }
  return holds()
}

describe.skipIf(SDK === undefined || process.platform !== 'linux')('the processes of claudeHarness()', () => {
  let app = ''
  let server: ModelServer
  let brain: Brain = () => ({ fault: 'hang' })
  let claude: AgentHarness
  beforeEach(async () => {
    app = await realpath(await mkdtemp(join(tmpdir(), 'claude-app-')))
    brain = () => ({ fault: 'hang' })
    server = await modelServer((request) => brain(request), KEY)
    const anthropic = { apiKey: KEY, baseUrl: server.base }
    claude = claudeHarness({ access: { anthropic, openai: {}, isScripted: true }, sdk: SDK })
  })
  afterEach(async () => {
    await server.close()
    await rm(app, { recursive: true, force: true })
  })

  function run(more: Partial<AgentJob> = {}) {
    const desk = new Desk({ app, flow: 'conformance', framework: null })
    desk.tasks.push({ id: 't1', type: 'one', dependsOn: [], status: 'pending' })
    const job = desk.job('t1', 'one', { model: 'claude-haiku-4-5', system: 's', prompt: 'p', ...more })
    return { ended: claude.run(job), desk }
  }
  const asked = () => until(() => server.journal.length > 0, 10_000)

  test.each(['aborted', 'timeout'])('an agent that ends as "%s" is gone with its folder', async (end) => {
    const stop = new AbortController()
    const limits = { maxTurns: 9, timeoutMs: end === 'timeout' ? 4000 : 60_000, stallMs: 60_000 }
    const { ended } = run({ signal: stop.signal, limits })
    await asked()
    expect(await processesOf(app)).toHaveLength(2)
    if (end === 'aborted') stop.abort()
    expect((await ended).end).toBe(end)
    expect(await until(async () => (await processesOf(app)).length === 0, 2000)).toBe(true)
    expect(await readdir(join(app, '.mill/runs/r1/harness'))).toEqual([])
  })

  test('an agent whose program is killed has crashed', async () => {
    const { ended } = run()
    await asked()
    for (const { pid } of await processesOf(app)) process.kill(pid, 'SIGKILL')
    const outcome = await ended
    expect(outcome.end).toBe('crash')
    expect(outcome.message).not.toBe('')
    expect(await processesOf(app)).toEqual([])
  })

  test('no agent outlives a parent that is killed outright', async () => {
    const victim = spawn(
      process.execPath,
      [fileURLToPath(new URL('./victim.ts', import.meta.url)), app, SDK ?? '', server.base],
      { stdio: 'ignore' },
    )
    expect(await until(async () => (await processesOf(app)).length === 2, 10_000)).toBe(true)
    await sleep(500)
    victim.kill('SIGKILL')
    expect(await until(async () => (await processesOf(app)).length === 0, 2000)).toBe(true)
  })

  test('its environment is built from nothing, and its key is in no file of the app', async () => {
    const stop = new AbortController()
    const { ended } = run({ signal: stop.signal })
    await asked()
    const [{ environment } = { environment: '' }] = await processesOf(app)
    const names = environment.split('\0').map((entry) => entry.replace(/=.*$/s, ''))
    expect(names).toContain('ANTHROPIC_API_KEY')
    expect(names.filter((name) => /VITEST|NODE_ENV|npm_/.test(name))).toEqual([])
    const files = await readdir(app, { recursive: true, withFileTypes: true })
    for (const file of files.filter((entry) => entry.isFile())) {
      // The program is at work, and what it moves on is gone.
      const text = await readFile(join(file.parentPath, file.name), 'latin1').catch(() => '')
      expect(text).not.toContain(KEY)
    }
    stop.abort()
    await ended
  })

  test('a tool does not see the key, and a long answer is not cut', async () => {
    await writeFile(join(app, 'long.txt'), 'line of text\n'.repeat(19_000))
    await writeFile(
      join(app, 'package.json'),
      JSON.stringify({ scripts: { show: "node -e 'console.log(JSON.stringify(process.env))'" } }),
    )
    brain = ({ turn }) =>
      [
        { calls: [{ tool: 'Read', input: { file_path: 'long.txt' } }] },
        { calls: [{ tool: 'Bash', input: { command: 'npm run show' } }] },
      ][turn] ?? {}
    const { ended, desk } = run()
    await ended
    const [long, shown] = desk.events.filter((event) => event.t === 'result')
    expect(long?.text).toHaveLength(19_000 * 13)
    expect(server.journal.at(1)?.results[0]?.text).toContain(long?.text)
    expect(shown).toMatchObject({ ok: true, text: expect.stringContaining('"PATH"') })
    expect(JSON.stringify(desk.events)).not.toContain(KEY)
  })

  test('a provider that wants to be left alone for longer than the program waits is', async () => {
    brain = () => ({ fault: { status: 429, retryAfter: 90 } })
    expect(await run().ended).toMatchObject({ end: 'rate-limit', retryAfterMs: 60_000 })
    expect(server.journal).toHaveLength(1)
  })
})
