/** Runs `mill` as a person would, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const root = resolve(import.meta.dirname, '../..')
/** The command's own file. */
export const bin = join(root, 'bin/mill.js')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Options {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export function start(args: readonly string[], options: Options = {}): ChildProcess {
  return spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Resolves when the command has ended. */
export async function mill(args: readonly string[], options: Options = {}): Promise<Ended> {
  const child = start(args, options)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, stdout, stderr }
}

export interface Served {
  readonly base: string
  readonly stop: () => Promise<number | null>
}

/** Starts `mill serve` or `mill dev` on any free port and resolves once it listens. */
export async function served(args: readonly string[], options: Options = {}): Promise<Served> {
  const child = start([...args, '--port', '0'], options)
  let stderr = ''
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  if (child.stdout === null) throw new Error('stdout is not piped')
  const lines = createInterface({ input: child.stdout })
  const base = await new Promise<string>((done, fail) => {
    void ended.then((code) => fail(new Error(`mill ${args.join(' ')} ended with ${code}: ${stderr}`)))
    lines.on('line', (line) => {
      const url = /on (http:\/\/\S+)/.exec(line)?.[1]
      if (url !== undefined) done(url)
    })
  })
  return {
    base,
    stop: async () => {
      child.kill('SIGINT')
      return ended
    },
  }
}

/** A folder that is gone after the test. */
export function scratch(): { readonly path: string; readonly [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'mill-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Asks again until `probe` answers something, for at most `limit` milliseconds. */
export async function eventually<T>(probe: () => Promise<T | undefined>, limit = 10_000): Promise<T> {
  const end = Date.now() + limit
  for (;;) {
    const answer = await probe()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`nothing came of it within ${limit} ms`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
