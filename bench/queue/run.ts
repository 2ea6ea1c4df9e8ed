/**
 * How fast a queue drains with agents that take no time, its journal on disk, beside the bare cost of as many durable lines.
 *
 *     node bench/queue/run.ts             1,000, 10,000 and 100,000 tasks
 *     node bench/queue/run.ts --smoke     100 and 1,000 tasks, in seconds
 */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { wallClock } from '../../client/clock.ts'
import { drain } from '../../client/execute/executor.ts'
import { openJournal } from '../../client/queue/journal.ts'
import { type Ledger, ledgerOf } from '../../client/queue/ledger.ts'
import { emptyQueue } from '../../client/queue/queue.ts'
import type { TaskSpec } from '../../schemas/run-event.ts'

const { values } = parseArgs({ options: { smoke: { type: 'boolean', default: false } } })
const sizes = values.smoke ? [100, 1_000] : [1_000, 10_000, 100_000]

/** What a task waits for, by its number, and how many run at once. */
const SHAPES = {
  wide: { concurrency: 64, dependsOn: () => [] },
  chain: { concurrency: 1, dependsOn: (number: number) => (number === 1 ? [] : [number - 1]) },
  layered: {
    concurrency: 16,
    dependsOn: (number: number) => [number - 20, number - 21].filter((before) => before >= 1),
  },
} as const
type Shape = (typeof SHAPES)[keyof typeof SHAPES]

const never = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'mill-bench-'))
try {
  for (const [name, shape] of Object.entries(SHAPES)) {
    for (const tasks of sizes) {
      const { ms, cpuMs } = await drained(tasks, shape, join(folder, `${name}-${tasks}.jsonl`))
      // Whoever runs one task at a time has to wait for at least one durable line a task.
      const floor = await durableLines(Math.ceil(tasks / shape.concurrency), join(folder, 'floor'))
      const perTask = (spent: number): string => ((spent * 1000) / tasks).toFixed(0).padStart(5)
      process.stdout.write(
        `${name.padEnd(8)} ${String(tasks).padStart(7)} tasks  ${(ms / 1000).toFixed(2).padStart(7)} s  ${perTask(ms)} µs a task, ${perTask(cpuMs)} of a processor  ${(ms / floor).toFixed(1)} × ${Math.ceil(tasks / shape.concurrency)} durable lines  ${megabytes().padStart(5)} MB\n`,
      )
    }
  }
} finally {
  await rm(folder, { recursive: true })
}

/** What the process takes once a queue has drained; it never shrinks, so sizes are measured in ascending order. */
function megabytes(): string {
  return (process.resourceUsage().maxRSS / 1024).toFixed(0)
}

async function drained(tasks: number, { concurrency, dependsOn }: Shape, file: string) {
  const journal = await openJournal(file)
  const ledger = ledgerOf({ queue: emptyQueue, append: journal.append, now: Date.now })
  const specs = Array.from({ length: tasks }, (_, at) => spec(at + 1, dependsOn(at + 1)))
  await ledger.transact(() => ({
    events: specs.map((task) => ({ e: 'task-enqueued', task }) as const),
    answer: undefined,
  }))
  const started = performance.now()
  const busy = process.cpuUsage()
  await drain({
    ...{ ledger, concurrency, clock: wallClock, random: Math.random, signal: never },
    planning: Promise.resolve(),
    isHeld: () => false,
    modelOf: () => 'none',
    standIn: () => undefined,
    check: () => undefined,
    onMachine: () => undefined,
    attempt: async ({ task, attempt }) => {
      await report(ledger, task.spec.id, attempt)
      return { failure: null, lost: false, spent: { turns: 1, usage: [], usd: 0 } }
    },
    onFault: (error) => {
      throw error
    },
  })
  await ledger.transact(() => ({ events: [], answer: undefined }))
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(busy)
  const { done } = ledger.committed().counts
  if (done !== tasks) throw new Error(`${done} of ${tasks} tasks are done`)
  await journal.close()
  return { ms, cpuMs: (user + system) / 1000 }
}

function report(ledger: Ledger, id: string, attempt: number): Promise<void> {
  const handoff = { goals: 'g', did: 'did it', forNextAgent: 'go on' }
  return ledger.transact(() => ({
    events: [{ e: 'task-reported', id, attempt, status: 'done', handoff }],
    answer: undefined,
  }))
}

function spec(number: number, dependsOn: readonly number[]): TaskSpec {
  return {
    ...{ id: `t${number}`, type: 'work', label: 'work', inputs: { number }, maxAttempts: 2 },
    ...{ dependsOn: dependsOn.map((before) => `t${before}`), enqueuedBy: 'seed', depth: 0, optional: false },
  }
}

async function durableLines(lines: number, file: string): Promise<number> {
  const handle = await open(file, 'w')
  const line = `${'x'.repeat(500)}\n`
  const started = performance.now()
  for (let at = 0; at < lines; at++) {
    await handle.appendFile(line)
    await handle.datasync()
  }
  const ms = performance.now() - started
  await handle.close()
  return ms
}
