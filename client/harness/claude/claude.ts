import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { ModelAccess } from '../../config.ts'
import { attemptServer } from '../../mcp/attempt-server.ts'
import type { AgentHarness, AgentJob, AgentOutcome, Availability } from '../harness.ts'
import { Agent } from './agent.ts'
import { machineEnvironment, sdkFolder } from './config.ts'
import { disclosed } from './disclosed.ts'
import { gate } from './gate.ts'
import { readMessage } from './messages.ts'
import { agentEnvironment, claudeOptions } from './options.ts'
import { type AgentProcesses, agentProcesses } from './processes.ts'
import { type ClaudeSdk, type FoundSdk, findSdk } from './sdk.ts'

export interface ClaudeHarnessOptions {
  readonly access: ModelAccess
  /** Folder in whose `node_modules` the SDK is. */
  readonly sdk?: string | undefined
}

/** How long a program that was told to stop is waited for. */
const GRACE_MS = 1000

/** Agents run by the Claude Agent SDK, with our tools, our fence and nothing of its own. */
export function claudeHarness({ access, sdk = sdkFolder() }: ClaudeHarnessOptions): AgentHarness {
  const found = findSdk(sdk)
  return {
    name: 'claude',
    disclosure: access.isScripted ? 'model: scripted' : 'models of Anthropic, by the Claude Agent SDK',
    models: { kind: 'named', profile: 'sdk', fallback: 'claude-sonnet-5-5' },
    check: async () => availability(await found, access),
    run: async (job) => {
      const started = performance.now()
      try {
        const there = await found
        if (!there.ok) throw new Error(`${there.why}. ${there.fix}`)
        return disclosed(await running(await there.load(), job, access), access)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const crashed = {
          end: 'crash',
          message,
          turns: 0,
          usage: [],
          ms: performance.now() - started,
        } as const
        return disclosed(crashed, access)
      }
    },
  }
}

function availability(found: FoundSdk, { anthropic }: ModelAccess): Availability {
  if (!found.ok) return found
  if (anthropic.apiKey !== undefined || anthropic.authToken !== undefined) {
    return { ok: true, version: found.version }
  }
  const fix = 'Set ANTHROPIC_API_KEY, or ANTHROPIC_AUTH_TOKEN and ANTHROPIC_BASE_URL for a gateway'
  return { ok: false, why: 'there is no credential for models of Anthropic', fix }
}

/** Runs one agent in a folder of its own, which is gone when it ends. */
async function running(sdk: ClaudeSdk, job: AgentJob, access: ModelAccess): Promise<AgentOutcome> {
  const folders = join(job.subject.runFolder, 'harness')
  await mkdir(folders, { recursive: true })
  const home = await mkdtemp(join(folders, 'claude-'))
  try {
    const env = agentEnvironment({ machine: machineEnvironment(), access: access.anthropic, home })
    return await conversed(sdk, job, env)
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function conversed(
  sdk: ClaudeSdk,
  job: AgentJob,
  env: Readonly<Record<string, string>>,
): Promise<AgentOutcome> {
  const started = performance.now()
  const { signal, limits } = job
  const stop = new AbortController()
  const processes = agentProcesses()
  const agent = new Agent({
    job,
    onSettled: () => {
      void processes.end()
      stop.abort()
    },
  })
  const aborted = () => agent.end({ end: 'aborted', message: 'The run was cancelled' })
  const late = () => agent.end({ end: 'timeout', message: `Not done after ${limits.timeoutMs} ms` })
  signal.addEventListener('abort', aborted)
  const timer = setTimeout(late, limits.timeoutMs)
  if (signal.aborted) aborted()
  try {
    if (!stop.signal.aborted)
      await Promise.race([converse({ sdk, job, env, agent, processes, stop }), ended(stop.signal)])
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    agent.end({ end: 'crash', message })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', aborted)
    stop.abort()
    await processes.end()
  }
  return agent.outcome(performance.now() - started, processes.complaints())
}

interface Conversation {
  readonly sdk: ClaudeSdk
  readonly job: AgentJob
  readonly env: Readonly<Record<string, string>>
  readonly agent: Agent
  readonly processes: AgentProcesses
  readonly stop: AbortController
}

/** Resolves once the program has said its last. */
async function converse({ sdk, job, env, agent, processes, stop }: Conversation): Promise<void> {
  const { judge, toolbox } = gate({
    job,
    signal: stop.signal,
    isClosed: () => agent.isClosed,
    onReport: () => agent.reported(),
  })
  const pause = async () => (agent.isSpent ? { continue: false, stopReason: 'This attempt is over' } : {})
  const options = claudeOptions({
    ...{ job, env, stop, spawn: processes.spawn, hooks: { judge, pause } },
    tools: [...toolbox.tools.keys()],
    server: attemptServer(toolbox),
  })
  for await (const message of sdk.query({ prompt: job.prompt, options })) {
    const heard = readMessage(message)
    if (heard) agent.hear(heard)
  }
}

/** Resolves a while after the agent was told to stop, whether or not its program has noticed. */
function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => setTimeout(resolve, GRACE_MS).unref(), { once: true })
  })
}
