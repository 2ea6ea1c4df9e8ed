import { performance } from 'node:perf_hooks'
import { type Toolbox, toolboxOf } from '../../tools/toolbox.ts'
import type { AgentHarness, AgentJob, ToolCall } from '../harness.ts'
import { type Ending, lifetime } from '../lifetime.ts'
import { inOneGo } from './in-one-go.ts'
import { POLICIES } from './policies/policies.ts'
import type { Policy, ToolResult } from './policy.ts'

export interface EmbeddedOptions {
  /** `<flow>/<type>` to a rule; asked before the built-in ones. */
  readonly policies?: Readonly<Record<string, Policy>>
}

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
      const ending = await lifetime(job, (signal) => run.follow(policyFor(known, job), signal))
      return { ...ending, turns: run.turns, usage: [], ms: performance.now() - started }
    },
  }
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

class RunningAgent {
  turns = 0
  readonly #job: AgentJob
  readonly #toolbox: Toolbox
  /** Why nothing more is done for the agent, though nobody told it to stop. */
  #ending: Ending | undefined

  constructor(job: AgentJob) {
    this.#job = job
    this.#toolbox = toolboxOf(job)
  }

  async follow(policy: Policy | undefined, signal: AbortSignal): Promise<Ending> {
    const { subject, cwd, prompt, model, onEvent } = this.#job
    if (!policy) {
      const message = `Cannot act as "${subject.flow}/${subject.type}": the embedded harness has no rule for it`
      return { end: 'api-error', message }
    }
    onEvent({ t: 'start', tools: [...this.#toolbox.tools.keys()], model })
    try {
      await policy({
        ...{ subject, cwd, prompt, signal },
        call: (tool, input) => this.#call({ tool, input }, signal),
        say: (text) => onEvent({ t: 'text', text }),
      })
    } catch (error) {
      if (!this.#ending) throw error
    }
    return this.#ending ?? { end: 'done' }
  }

  async #call({ tool, input }: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    signal.throwIfAborted()
    const { limits, onEvent } = this.#job
    if (!this.#ending && this.turns >= limits.maxTurns) {
      this.#ending = { end: 'max-turns', message: `Not done after ${limits.maxTurns} turns` }
    }
    if (this.#ending) throw new Error('The agent has come to its end')
    this.turns += 1
    const id = `c${this.turns}`
    onEvent({ t: 'call', id, tool, input })
    const result = await this.#toolbox.call({ tool, input }, signal)
    onEvent({ t: 'result', id, tool, ...result })
    if (result.ok && this.#toolbox.tools.get(tool)?.endsRun) this.#ending ??= { end: 'done' }
    return result
  }
}
