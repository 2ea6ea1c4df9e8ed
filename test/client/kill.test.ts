import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { times } from '../times.ts'
import { journalOf, scratch, scratchApp } from './scripted.ts'

const KILLS = times(20, 1000)
const TASKS = times(60, 90)
const victim = fileURLToPath(new URL('./victim.ts', import.meta.url))

/** Runs the victim and kills it a moment after it has begun so much work. Resolves with what it said, or null when it was killed. */
function attack(args: readonly string[], after: number): Promise<string | null> {
  const child = spawn(process.execPath, [victim, ...args, String(TASKS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  let begun = 0
  child.stdout.on('data', (chunk: Buffer) => {
    begun += chunk.toString().split('\n').length - 1
    if (begun > after) setTimeout(() => child.kill('SIGKILL'), Math.random() * 6)
  })
  return new Promise((resolve) => {
    child.once('close', (_, signal) => resolve(signal === 'SIGKILL' ? null : errors))
  })
}

/** One run, killed again and again until it gets through. */
async function killedRun(app: string, log: string): Promise<{ kills: number; told: string }> {
  let kills = 0
  let mode = 'new'
  for (;;) {
    const told = await attack([app, log, mode], Math.random() * 30)
    if (told === null) kills++
    // It may have been killed before it began, or after its last event.
    else if (!told.includes('run/nothing-to-resume') || (await hasFinished(app))) return { kills, told }
    mode = told === null ? 'resume' : 'new'
  }
}

async function hasFinished(app: string): Promise<boolean> {
  const runs = join(app, '.mill/runs')
  const journals = await Promise.all(readdirSync(runs).map((id) => journalOf(join(runs, id))))
  return journals.some((events) => events.at(-1)?.e === 'run-finished')
}

/** How many completions were acknowledged; none of them twice, and none of their tasks executed again. */
function acknowledgedOnce(lines: readonly string[]): number {
  const acknowledged = new Set<string>()
  const planned = new Map<string, string>()
  for (const line of lines) {
    const [verb, id = '', as = ''] = line.split(' ')
    if (verb === 'execute' || verb === 'acknowledged') expect(acknowledged).not.toContain(id)
    if (verb === 'acknowledged') acknowledged.add(id)
    if (verb !== 'planned') continue
    expect(as).toBe(planned.get(id) ?? as)
    expect(as).toMatch(/^t[0-9]+$/)
    planned.set(id, as)
  }
  return acknowledged.size
}

async function expectWhole(app: string, acknowledged: number): Promise<void> {
  const runs = join(app, '.mill/runs')
  const begun = readdirSync(runs).filter((id) => existsSync(join(runs, id, 'report.md')))
  expect(begun).toHaveLength(1)
  const events = await journalOf(join(runs, begun[0] ?? ''))
  const queued = events.filter((event) => event.e === 'task-enqueued').map(({ task }) => task.id)
  expect(queued).toEqual(Array.from({ length: TASKS + 1 }, (_, at) => `t${at + 1}`))
  const settled = events.filter((event) => event.e === 'attempt-ended' && !event.retry)
  expect(settled).toHaveLength(TASKS + 1)
  const reports = events.filter((event) => event.e === 'task-reported')
  expect(reports).toHaveLength(TASKS + 1)
  // Between the disk and the log of who was told there is room for a kill.
  expect(acknowledged).toBeLessThanOrEqual(reports.length)
  expect(events.at(-1)).toMatchObject({ e: 'run-finished', verdict: 'succeeded' })
}

test(`a run that is killed ${KILLS} times goes on, and what was acknowledged is neither lost nor done again`, async () => {
  let kills = 0
  let acknowledged = 0
  while (kills < KILLS) {
    using app = scratchApp()
    using logs = scratch()
    const log = join(logs.path, 'log')
    const outcome = await killedRun(app.path, log)
    if (outcome.told !== '') expect(outcome.told).toContain('run/nothing-to-resume')
    kills += outcome.kills
    const counted = acknowledgedOnce(readFileSync(log, 'utf8').trimEnd().split('\n'))
    await expectWhole(app.path, counted)
    acknowledged += counted
  }
  expect(acknowledged).toBeGreaterThan(times(100, 10_000))
}, 3_600_000)
