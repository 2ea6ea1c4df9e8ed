import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../../client/run.ts'
import { openRunFolder } from '../../../client/run-folder/run-folder.ts'
import {
  finish,
  flow,
  isSeed,
  options,
  planThree,
  scratchApp,
  scripted,
  started,
  threeTasks,
  world,
} from '../scripted.ts'

let app: ReturnType<typeof scratchApp>
beforeEach(() => {
  app = scratchApp()
})
afterEach(() => app[Symbol.dispose]())

const opening = () => openRunFolder({ app: app.path, flow: 'demo', resume: false, now: 0 })
const victim = fileURLToPath(new URL('../victim.ts', import.meta.url))

describe('openRunFolder()', () => {
  test('lets in one of two processes, and the next once the first is killed', async () => {
    const log = join(app.path, 'log')
    const child = spawn(process.execPath, [victim, app.path, log, 'new', '60'], { stdio: 'pipe' })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await expect(opening()).rejects.toMatchObject({ code: 'run/locked' })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    await (await opening()).close()
  })

  test('gives each run an id that sorts behind all before it, though the clock is set back', async () => {
    const ids: string[] = []
    for (const now of [Date.UTC(2026, 10, 21, 12), 0, Date.UTC(2026, 10, 21, 11, 59)]) {
      const folder = await openRunFolder({ app: app.path, flow: 'demo', resume: false, now })
      ids.push(folder.id)
      await folder.journal.append([started(1)])
      await folder.close()
    }
    expect(ids).toEqual([...ids].sort())
    expect(new Set(ids.map((id) => id.slice(0, 18))).size).toBe(3)
  })

  test('takes up an older run though the newest is damaged, and says so when there is no other', async () => {
    const stopped = () => run(options(app.path, threeTasks, { signal: AbortSignal.abort() }), world(flow))
    const older = await stopped()
    const newest = await stopped()
    const file = join(newest.folder, 'audit.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"demo"', '"dema"'))
    const again = (more = {}) => run(options(app.path, threeTasks, { resume: true, ...more }), world(flow))
    await expect(again({ run: newest.run })).rejects.toMatchObject({ code: 'run/journal-corrupt' })
    expect(await again()).toMatchObject({ verdict: 'succeeded', run: older.run })
    await expect(again()).rejects.toMatchObject({ code: 'run/journal-corrupt' })
  })

  test('frees the lock though the folder cannot be closed in order', async () => {
    const folder = await opening()
    await folder.journal.close()
    await expect(folder.close()).resolves.toBeUndefined()
    await (await opening()).close()
  })

  test('says so when the folder of a run cannot be made', async () => {
    mkdirSync(join(app.path, '.mill'))
    writeFileSync(join(app.path, '.mill/runs'), 'a file')
    await expect(opening()).rejects.toMatchObject({ code: 'run/folder-unwritable' })
    rmSync(join(app.path, '.mill/runs'))
    await (await opening()).close()
  })

  test('takes away what was killed before it was a run, and nothing else', async () => {
    const runs = join(app.path, '.mill/runs')
    for (const id of ['killed', 'torn', 'notes']) mkdirSync(join(runs, id), { recursive: true })
    writeFileSync(join(runs, 'killed/audit.jsonl'), '')
    writeFileSync(join(runs, 'killed/options.json'), '{}')
    writeFileSync(join(runs, 'torn/audit.jsonl'), '{"e":"run-st')
    await (await opening()).close()
    expect(readdirSync(runs)).toEqual(['notes', 'torn'])
  })

  test('hands on what is not urgent as such', async () => {
    const folder = await opening()
    const settled: string[] = []
    const both = [
      folder.journal.append([started(1)], 'soon').then(() => settled.push('soon')),
      new Promise((resolve) => setTimeout(resolve, 5)).then(() => settled.push('5 ms')),
    ]
    await Promise.all(both)
    expect(settled).toEqual(['5 ms', 'soon'])
    await folder.close()
  })
})

describe('run() whose folder is deleted', () => {
  test('stops, says so, acknowledges nothing more, and does not make it again', async () => {
    const acknowledged: string[] = []
    const runs = join(app.path, '.mill/runs')
    const harness = scripted(async (agent) => {
      if (isSeed(agent)) return planThree(agent)
      if (agent.job.id === 't2') rmSync(runs, { recursive: true })
      await finish(agent.call)
      acknowledged.push(agent.job.id)
    })
    await expect(run(options(app.path, harness), world(flow))).rejects.toMatchObject({
      code: 'run/journal-unwritable',
    })
    expect(acknowledged).toEqual(['t1'])
    expect(() => readdirSync(runs)).toThrow('ENOENT')
  })
})

/** Runs the victim to its end under limits of a shell. */
function limited(limit: string, log: string, mode: string): Promise<string> {
  const command = `${limit}; exec "$0" "$@"`
  const args = ['-c', command, process.execPath, victim, app.path, log, mode, '60']
  const child = spawn('/bin/sh', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  return new Promise((resolve) => child.once('close', () => resolve(errors)))
}

test.skipIf(process.platform === 'win32')(
  'a run whose journal can grow no more stops, and loses nothing of what it acknowledged once it can',
  async () => {
    const log = join(app.path, 'log')
    // In blocks of 512 bytes: room for some of the tasks.
    expect(await limited('ulimit -f 24', log, 'new')).toContain('run/journal-unwritable')
    const before = acknowledged(log)
    expect(before.length).toBeGreaterThan(0)
    expect(await limited(':', log, 'resume')).toBe('')
    expect(acknowledged(log)).toHaveLength(61)
    const executed = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('execute'))
    for (const id of before) expect(executed.filter((line) => line === `execute ${id}`)).toHaveLength(1)
  },
  60_000,
)

function acknowledged(log: string): string[] {
  const lines = readFileSync(log, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith('acknowledged')).map((line) => line.split(' ')[1] ?? '')
}
