import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { times } from '../../times.ts'
import { scratch, scratchApp } from '../scripted.ts'

const TASKS = times(40, 500)
const HAS_STRACE = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
const REPORTED = /task-reported\\",\\"id\\":\\"(t[0-9]+)/g
const victim = fileURLToPath(new URL('../victim.ts', import.meta.url))

/** Completed calls of all threads, in order: a sync counts from its return, an acknowledgement from its beginning. */
function callsOf(log: string): string[] {
  const begun = new Map<string, string>()
  return log.split('\n').flatMap((line) => {
    const [, thread = '', call = ''] = /^([0-9]+) +(.*)$/.exec(line) ?? []
    if (call.endsWith('<unfinished ...>')) {
      begun.set(thread, call)
      return call.includes('acknowledged ') ? [call] : []
    }
    if (!call.startsWith('<... ')) return [call]
    const whole = begun.get(thread) ?? ''
    return whole.includes('acknowledged ') ? [] : [whole]
  })
}

/** How many acknowledgements there are, and those that came before their line was synced. */
function judged(calls: readonly string[]): { acknowledged: number; early: string[] } {
  const written = new Set<string>()
  const durable = new Set<string>()
  const early: string[] = []
  let acknowledged = 0
  const journalled = (call: string): void => {
    for (const [, task = ''] of call.matchAll(REPORTED)) written.add(task)
    if (call.startsWith('fdatasync')) for (const task of written) durable.add(task)
  }
  for (const call of calls) {
    if (call.includes('audit.jsonl')) journalled(call)
    const id = /"acknowledged (t[0-9]+)/.exec(call)?.[1]
    if (id === undefined) continue
    acknowledged++
    if (!durable.has(id)) early.push(id)
  }
  return { acknowledged, early }
}

test.skipIf(!HAS_STRACE)(
  `each of ${TASKS} completions is synced before it is acknowledged`,
  () => {
    using app = scratchApp()
    using logs = scratch()
    const trace = join(logs.path, 'trace')
    const log = join(logs.path, 'log')
    const watched = [
      '-f',
      '-qq',
      '-y',
      '-s',
      '1000000',
      '-e',
      'trace=write,pwrite64,writev,fdatasync',
      '-o',
      trace,
    ]
    const command = [process.execPath, victim, app.path, log, 'new', String(TASKS)]
    expect(spawnSync('strace', [...watched, ...command], { stdio: 'ignore' }).status).toBe(0)
    const { acknowledged, early } = judged(callsOf(readFileSync(trace, 'utf8')))
    expect(early).toEqual([])
    expect(acknowledged).toBe(TASKS + 1)
  },
  times(60_000, 600_000),
)
