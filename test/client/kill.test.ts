import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { journalOf, scratch, scratchApp } from './scripted.ts'

const victim = fileURLToPath(new URL('./victim.ts', import.meta.url))

/** Runs the victim and kills it `delay` milliseconds after it is up. Resolves with what it said, or null when it was killed. */
function attack(args: readonly string[], delay: number): Promise<string | null> {
  const child = spawn(process.execPath, [victim, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delay))
  return new Promise((resolve) => {
    child.once('close', (_, signal) => resolve(signal === 'SIGKILL' ? null : errors))
  })
}

/** One run, killed again and again until it gets through. */
async function killedRun(
  app: string,
  log: string,
  delayOf: () => number,
): Promise<{ kills: number; told: string }> {
  let kills = 0
  let mode = 'new'
  for (;;) {
    const told = await attack([app, log, mode], delayOf())
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

function expectNothingTwice(lines: readonly string[]): void {
  const acknowledged = new Set<string>()
  for (const line of lines) {
    const [verb, id = ''] = line.split(' ')
    if (verb === 'acknowledged') acknowledged.add(id)
    if (verb === 'execute') expect(acknowledged).not.toContain(id)
  }
}

async function expectWhole(app: string): Promise<void> {
  const runs = join(app, '.mill/runs')
  const begun = readdirSync(runs).filter((id) => existsSync(join(runs, id, 'report.md')))
  expect(begun).toHaveLength(1)
  const events = await journalOf(join(runs, begun[0] ?? ''))
  const queued = events.filter((event) => event.e === 'task-enqueued').map(({ task }) => task.id)
  expect(queued).toEqual(Array.from({ length: 13 }, (_, at) => `t${at + 1}`))
  const settled = events.filter((event) => event.e === 'attempt-ended' && !event.retry)
  expect(settled).toHaveLength(13)
  expect(events.at(-1)).toMatchObject({ e: 'run-finished', verdict: 'succeeded' })
}

test('a run that is killed at any moment goes on, and what was acknowledged is never done again', async () => {
  let kills = 0
  while (kills < 24) {
    using app = scratchApp()
    using logs = scratch()
    const log = join(logs.path, 'log')
    const outcome = await killedRun(app.path, log, () => Math.random() * 60)
    if (outcome.told !== '') expect(outcome.told).toContain('run/nothing-to-resume')
    kills += outcome.kills
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
    expectNothingTwice(lines)
    expect(lines.filter((line) => line.startsWith('planned') && !line.endsWith('once'))).toEqual([])
    await expectWhole(app.path)
  }
}, 120_000)
