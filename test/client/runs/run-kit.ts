import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { run } from '../../../client/run.ts'
import type { RunOptions } from '../../../client/session.ts'
import type { CliIo, ExitCode } from '../../../schemas/cli.ts'
import type { AskedOptions } from '../../../schemas/run-options.ts'
import {
  type Agent,
  finish,
  flow,
  handoff,
  isSeed,
  options,
  planThree,
  scratchApp,
  scripted,
  world,
} from '../scripted.ts'

export const ASKED: AskedOptions = {
  base: 'http://localhost:8765/channels/main',
  flow: 'demo',
  harness: 'embedded',
  concurrency: 2,
  maxTasks: 12,
  maxUsd: 3,
  models: { default: 'm' },
}

/** A run of three tasks whose agents do what is said, or else finish. */
export function runThree(
  app: string,
  act: (agent: Agent) => Promise<unknown>,
  more: Partial<RunOptions> = {},
) {
  const harness = scripted((agent) => (isSeed(agent) ? planThree(agent) : act(agent)))
  return run(options(app, harness, { asked: ASKED, ...more }), world(flow))
}

export const succeed = ({ call }: Agent): Promise<unknown> => finish(call)

/** A run that is interrupted while its second task is at work. */
export function interrupted(app: string) {
  const stop = new AbortController()
  const act = async (agent: Agent) => {
    if (agent.job.id === 't1') return finish(agent.call)
    stop.abort()
    return { end: 'aborted' }
  }
  return runThree(app, act, { signal: stop.signal })
}

/** What a command says, and how it ends. */
export async function said(make: (io: CliIo) => Command, args: readonly string[], cwd = '/') {
  const stdout = Object.assign(new PassThrough(), { columns: 140 })
  const stderr = new PassThrough()
  const codes: ExitCode[] = []
  const exit = (code: ExitCode): void => void codes.push(code)
  const command = make({ stdout, stderr, env: {}, cwd, signal: new AbortController().signal, exit })
  command.exitOverride().configureOutput({ writeErr: () => undefined })
  const error = await command.parseAsync(args, { from: 'user' }).then(
    () => null,
    (reason: unknown) => reason,
  )
  return { error, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

export const USAGE = { model: 'claude-haiku-4-5', input: 1000, output: 100, cacheRead: 0, cacheWrite: 0 }

/** An app with three runs: one that succeeded, one whose first task failed, and one that was interrupted. */
export async function threeRuns() {
  const app = scratchApp()
  const filesTouched = ['a.ts']
  const succeeded = await runThree(app.path, async ({ call }) => {
    await call('complete_task', {
      status: 'done',
      handoff: { ...handoff('wrote \u001b[31mcode'), filesTouched },
    })
    return { usage: [USAGE] }
  })
  const failed = await runThree(app.path, async ({ job, call }) =>
    job.id === 't1'
      ? { end: 'crash', message: 'boom', usage: [{ ...USAGE, model: 'nobody-knows' }] }
      : finish(call),
  )
  const stopped = await interrupted(app.path)
  return { app, succeeded: succeeded.run, failed: failed.run, stopped: stopped.run }
}
