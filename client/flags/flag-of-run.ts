import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { digestOf } from '../../schemas/digest.ts'
import type { SequenceDecision } from '../sequence.ts'
import { readFlagConfig } from './config.ts'
import { readFlagsFile } from './flags-file.ts'
import { FLAG, type FlagSources, orchestratorFlag } from './orchestrator-flag.ts'

const TIMEOUT_MS = 1000

export interface FlagOfRun {
  /** Absolute path of the app. */
  readonly app: string
  /** File of `--flags`, as it was given. */
  readonly file?: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads what can be read of the flag now, and answers with how to ask for it. PostHog hears of an app nothing but a
 * digest of where it lies.
 * @throws CommandError `run/flags-file` or `run/flag-unreadable`
 */
export async function flagOfRun({
  app,
  file,
  cwd,
  env,
}: FlagOfRun): Promise<() => Promise<SequenceDecision>> {
  const { orchestrator, posthog } = readFlagConfig(env)
  const read = file === undefined ? undefined : await fileAt(resolve(cwd, file))
  const unit = digestOf(`${hostname()}\0${app}`).slice(0, 32)
  return () =>
    orchestratorFlag({
      file: read,
      environment: orchestrator,
      posthog:
        posthog &&
        (async () => {
          const { posthogFlag } = await import('./posthog-flag.ts')
          return posthogFlag({ flag: FLAG, unit, access: posthog, timeoutMs: TIMEOUT_MS })
        }),
    })
}

async function fileAt(path: string): Promise<NonNullable<FlagSources['file']>> {
  return { path, says: await readFlagsFile(path) }
}
