/** A whole run with slow agents on the screen of this terminal; `node stage.ts <app> <milliseconds of each step>`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../../client/run.ts'
import { screenFor } from '../../../client/tui/screen.ts'
import { type Agent, finish, handoff, options, prompt, registry, scripted, world } from '../scripted.ts'

const [app = '.', pace = '300'] = process.argv.slice(2)
const step = Number(pace)
const launchedAt = Date.now()
const limits = { maxUsd: 0.13, maxMs: 120_000 }

const PLAN: readonly (readonly [type: string, label: string, ...dependsOn: string[]])[] = [
  ['install', 'Install the SDK 📦'],
  ['init', 'Initialise it where the app begins', 't1'],
  ['identify', 'Identify people who sign in', 't2'],
  ['capture', 'Capture checkout ログイン events in every route of the shop', 't2'],
  ['capture', 'Capture what the cart says \u001b[31m\u202E', 't2'],
  ['errors', 'Report errors', 't2'],
  ['dashboard', 'Build the dashboard', 't4', 't5'],
  ['boundary', 'Catch what the pages throw', 't6'],
  ['report', 'Close the run', 't3', 't7', 't8'],
]
const usage = { model: 'claude-haiku-4-5', input: 4000, output: 900, cacheRead: 0, cacheWrite: 0 }

let calls = 0
async function use({ job }: Agent, tool: string, input: object): Promise<void> {
  const id = `c${++calls}`
  job.onEvent({ t: 'call', id, tool, input })
  await sleep(step, undefined, { signal: job.signal })
  job.onEvent({ t: 'result', id, tool, ok: true, text: '' })
  await sleep(step / 2, undefined, { signal: job.signal })
}

async function plan(agent: Agent): Promise<object> {
  await use(agent, 'Glob', { pattern: '**/*.{ts,tsx}' })
  for (const [type, label, ...dependsOn] of PLAN) {
    await agent.call('enqueue_task', { type, label, dependsOn, inputs: { label } })
    await sleep(step / 4)
  }
  return { usage: [usage] }
}

const attempts = new Map<string, number>()
async function act(agent: Agent): Promise<object> {
  const { job, call } = agent
  const attempt = (attempts.get(job.id) ?? 0) + 1
  attempts.set(job.id, attempt)
  job.onEvent({ t: 'start', tools: [], model: job.model })
  await use(agent, 'Read', { file_path: 'app/layout.tsx' })
  await use(agent, 'Bash', {
    command: 'POSTHOG_KEY=phc_topsecret pnpm add posthog-js posthog-node --save-exact',
  })
  if (job.subject.type === 'errors')
    return { end: 'crash', message: 'the agent’s process ended with 137', usage: [usage] }
  await use(agent, 'Edit', { file_path: 'app/providers/posthog-provider.tsx' })
  if (job.subject.type === 'identify') {
    await call('complete_task', { status: 'not-needed', reason: 'nobody signs in here', handoff: handoff() })
  } else await finish(call, `Worked on ${job.subject.type}`)
  return { usage: [usage, usage] }
}

const types = ['install', 'init', 'identify', 'capture', 'errors', 'dashboard', 'boundary']
const flow = registry([...types.map((type) => prompt(type)), prompt('report', { sink: true })])
const harness = scripted((agent) => (agent.job.subject.by === 'seed' ? plan(agent) : act(agent)))
const stop = new AbortController()
process.on('SIGINT', () => stop.abort())
const onInterrupt = () => process.kill(process.pid, 'SIGINT')
const { face, asker } = await screenFor(process, { json: false, launchedAt, limits, onInterrupt })
const result = await run(
  options(app, harness, {
    ...{ launchedAt, limits, concurrency: 3, signal: stop.signal },
    faces: (title) => [face(title)],
    ...(asker && { asker }),
  }),
  world(flow),
)
process.stdout.write(`\n${result.reportIn(process.stdout.columns)}\nTHE END ${result.verdict}\n`)
