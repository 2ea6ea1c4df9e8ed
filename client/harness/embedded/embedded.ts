import { performance } from 'node:perf_hooks'
import { type Toolbox, toolboxOf } from '../../tools/toolbox.ts'
import type { AgentHarness, AgentJob, AgentOutcome, EndReason } from '../harness.ts'
import { inOneGo } from './in-one-go.ts'
import { POLICIES } from './policies/policies.ts'
import type { Policy, ToolResult } from './policy.ts'

export interface EmbeddedOptions {
  /** `<flow>/<type>` to a rule; asked before the built-in ones. */
  readonly policies?: Readonly<Record<string, Policy>>
}

/** How long a tool that was told to stop is waited for. */
const GRACE_MS = 2000

/** An agent that follows rules: real tools, the real fence, no model, no key. */
export function embeddedHarness({ policies = {} }: EmbeddedOptions = {}): AgentHarness {
  const known = { ...POLICIES, ...policies }
  return {
    name: 'embedded',
    disclosure: 'no model: rule-based',
    models: { kind: 'own', name: 'rules' },
    check: async () => ({ ok: true, version: '1' }),
    run: async (job) => {
      const started = performance.now()
      const run = new RunningAgent(job)
      const { end, message } = await run.follow(policyFor(known, job))
      return outcome({ end, turns: run.turns, ms: performance.now() - started }, message)
    },
  }
}

function outcome(spent: { end: EndReason; turns: number; ms: number }, message?: string): AgentOutcome {
  return { ...spent, usage: [], ...(message === undefined ? {} : { message }) }
}

function policyFor(known: Readonly<Record<string, Policy>>, { subject }: AgentJob): Policy | undefined {
  const { flow, type, steps } = subject
  const ruleOf = (wanted: string): Policy | undefined => {
    const name = [`${flow}/${wanted}`, `${flow}/*`].find((candidate) => Object.hasOwn(known, candidate))
    return name === undefined ? undefined : known[name]
  }
  if (!steps) return ruleOf(type)
  return [steps.seed, ...steps.types].some(ruleOf) ? inOneGo(ruleOf) : undefined
}

interface Ending {
  readonly end: EndReason
  readonly message?: string
}

/** The agent has come to its end; carries why out of whatever the policy was doing. */
class EndedError extends Error {
  override readonly name = 'EndedError'
  readonly ending: Ending

  constructor(ending: Ending) {
    super(ending.end)
    this.ending = ending
  }
}

class RunningAgent {
  turns = 0
  readonly #job: AgentJob
  readonly #toolbox: Toolbox
  readonly #stop = new AbortController()
  #ending: Ending | undefined

  constructor(job: AgentJob) {
    this.#job = job
    this.#toolbox = toolboxOf(job)
  }

  /** Never rejects. */
  async follow(policy: Policy | undefined): Promise<Ending> {
    const { signal, limits, subject } = this.#job
    const aborted = () => this.#end({ end: 'aborted', message: 'The run was cancelled' })
    const late = () => this.#end({ end: 'timeout', message: `Not done after ${limits.timeoutMs} ms` })
    signal.addEventListener('abort', aborted, { once: true })
    const timer = setTimeout(late, limits.timeoutMs)
    try {
      if (signal.aborted) aborted()
      if (!policy) {
        const message = `Cannot act as "${subject.flow}/${subject.type}": the embedded harness has no rule for it`
        return this.#ending ?? { end: 'api-error', message }
      }
      return await Promise.race([this.#act(policy), this.#stopped()])
    } catch (error) {
      return this.#ending ?? endingOf(error)
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      this.#stop.abort()
    }
  }

  async #act(policy: Policy): Promise<Ending> {
    if (this.#ending) return this.#ending
    const { subject, cwd, prompt, model, onEvent } = this.#job
    onEvent({ t: 'start', tools: [...this.#toolbox.tools.keys()], model })
    await policy({
      subject,
      cwd,
      prompt,
      signal: this.#stop.signal,
      call: (tool, input) => this.#call(tool, input),
      say: (text) => onEvent({ t: 'text', text }),
    })
    return this.#ending ?? { end: 'done' }
  }

  async #call(tool: string, input: unknown): Promise<ToolResult> {
    if (this.#ending) throw new EndedError(this.#ending)
    const { limits, onEvent } = this.#job
    if (this.turns >= limits.maxTurns) {
      this.#end({ end: 'max-turns', message: `Not done after ${limits.maxTurns} turns` })
      throw new EndedError({ end: 'max-turns' })
    }
    this.turns += 1
    const id = `c${this.turns}`
    onEvent({ t: 'call', id, tool, input })
    const result = await this.#toolbox.call({ tool, input }, this.#stop.signal)
    onEvent({ t: 'result', id, tool, ...result })
    if (result.ok && this.#toolbox.tools.get(tool)?.endsRun) this.#ending ??= { end: 'done' }
    return result
  }

  #end(ending: Ending): void {
    this.#ending ??= ending
    this.#stop.abort()
  }

  /** Resolves a while after the agent was told to stop, whether or not its policy has noticed. */
  #stopped(): Promise<Ending> {
    return new Promise((resolve) => {
      const give = () => {
        const timer = setTimeout(() => resolve(this.#ending ?? { end: 'crash' }), GRACE_MS)
        timer.unref()
      }
      this.#stop.signal.addEventListener('abort', give, { once: true })
    })
  }
}

function endingOf(error: unknown): Ending {
  return error instanceof EndedError ? error.ending : { end: 'crash', message: messageOf(error) }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
