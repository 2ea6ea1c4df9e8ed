import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A process that publishes to a store. */
export interface Publisher {
  readonly pid: number
  /** Publishes to `channel` a release of these words; resolves with its answer, or with `gone`. */
  readonly publish: (channel: string, ...words: readonly string[]) => Promise<string>
  /** Everything it has acknowledged. */
  readonly acknowledged: () => readonly { readonly serial: number; readonly release: string }[]
  readonly kill: () => Promise<void>
}

/** Starts a publisher; resolves when it waits for its first line. */
export async function publisher(store: string): Promise<Publisher> {
  // One thread for the disk, so that the n-th call of a publication is the same each time.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
  const child = spawn(process.execPath, [fileURLToPath(new URL('./publisher.ts', import.meta.url)), store], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env,
  })
  const closed = once(child, 'close')
  const answers: string[] = []
  let rest = ''
  let heard = () => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    answers.push(...lines)
    heard()
  })
  child.stdin.on('error', () => undefined)
  let isGone = false
  child.on('close', () => {
    isGone = true
    heard()
  })
  let asked = 0
  const answer = async (at: number) => {
    while (answers[at] === undefined && !isGone) {
      await new Promise<void>((resolve) => {
        const before = heard
        heard = () => {
          before()
          resolve()
        }
      })
    }
    return answers[at] ?? 'gone'
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await closed
  }
  onTestFinished(kill)
  await answer(0)
  return {
    pid: child.pid ?? 0,
    publish: (channel, ...words) => {
      asked += 1
      child.stdin.write(`${channel} ${words.join(' ')}\n`)
      return answer(asked)
    },
    acknowledged: () =>
      answers.flatMap((line) => {
        const [, serial, release] = /^ok (\d+) (\w+)$/.exec(line) ?? []
        return release === undefined ? [] : [{ serial: Number(serial), release }]
      }),
    kill,
  }
}

/** Whether calls to the kernel can be tampered with here. */
export const HAS_STRACE = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

/** Which thread of a process: the one that does its disk work, or the one that runs its code. */
export type Thread = 'disk' | 'main'

/** Tampers with the calls of one thread while `work` goes on. */
export async function tampered<T>(
  {
    pid,
    thread,
    inject,
  }: { readonly pid: number; readonly thread: Thread; readonly inject: readonly string[] },
  work: () => Promise<T>,
): Promise<T> {
  const target = thread === 'main' ? pid : diskThread(pid)
  const strace = spawn('strace', ['-qq', '-o', '/dev/null', ...inject, '-p', String(target)], {
    stdio: 'ignore',
  })
  const closed = once(strace, 'close')
  while (!readFileSync(`/proc/${target}/status`, 'utf8').includes(`TracerPid:\t${strace.pid}\n`)) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  try {
    return await work()
  } finally {
    strace.kill('SIGINT')
    await closed
  }
}

function diskThread(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`)
  const name = (task: string) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').trim()
  const found = tasks.find((task) => /^libuv-worker/.test(name(task)))
  if (found === undefined) throw new Error(`no thread for the disk among ${tasks.map(name).join(', ')}`)
  return Number(found)
}
