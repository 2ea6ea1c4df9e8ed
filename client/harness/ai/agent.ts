import { setTimeout as sleep } from 'node:timers/promises'
import type { LanguageModel, ModelMessage, ToolModelMessage } from 'ai'
import type { Usage } from '../../../schemas/run-event.ts'
import { type ToolAnswer, type Toolbox, toolboxOf } from '../../tools/toolbox.ts'
import type { AgentJob, ToolCall } from '../harness.ts'
import type { Ending } from '../lifetime.ts'
import { type AskedCall, ask, type Turn } from './request.ts'
import type { Tokens } from './tokens.ts'
import { type Trouble, troubleOf } from './trouble.ts'

/** How often a request that came to nothing is made again, and how long that may wait. */
export interface Patience {
  readonly tries: number
  /** Doubles with each try. */
  readonly firstWaitMs: number
  /** A provider that wants to be left alone for longer ends the agent. */
  readonly longestWaitMs: number
}

export interface AgentOptions {
  readonly job: AgentJob
  readonly model: LanguageModel
  /** Under which name its tokens are counted. */
  readonly countedAs: string
  readonly patience: Patience
}

/** Tools that change nothing: calls of these that follow each other run at the same time. */
const LOOKING: ReadonlySet<string> = new Set([
  ...['Read', 'Grep', 'Glob', 'read_handoffs', 'check_env_keys', 'detect_package_manager', 'load_skill_menu'],
])

const NO_TOKENS: Tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }

/** An agent turn by turn: ask the model, run what it calls, tell it what came of that. */
export class Agent {
  turns = 0
  #calls = 0
  readonly usage: Usage[] = []
  readonly #options: AgentOptions
  readonly #toolbox: Toolbox
  readonly #messages: ModelMessage[]

  constructor(options: AgentOptions) {
    this.#options = options
    this.#toolbox = toolboxOf(options.job)
    this.#messages = [{ role: 'user', content: options.job.prompt }]
  }

  /** Works until there is nothing left to do. Rejects only for what nobody expected. */
  async work(signal: AbortSignal): Promise<Ending> {
    const { model, limits, onEvent } = this.#options.job
    onEvent({ t: 'start', tools: [...this.#toolbox.tools.keys()], model })
    for (;;) {
      if (this.turns >= limits.maxTurns) {
        return { end: 'max-turns', message: `Not done after ${limits.maxTurns} turns` }
      }
      const turn = await this.#ask(signal)
      if ('end' in turn) return turn
      this.turns += 1
      const ending = endOf(turn) ?? (await this.#answer(turn, signal)) ?? this.#overspent()
      if (ending) return ending
    }
  }

  /** A request, made again while its trouble may pass. */
  async #ask(signal: AbortSignal): Promise<Turn | Ending> {
    const { job, patience } = this.#options
    for (let tried = 1; ; tried += 1) {
      const heard = await this.#request(signal)
      signal.throwIfAborted()
      if (!('isPassing' in heard)) return heard
      const { isPassing, status, ...ending } = heard
      const wait = ending.retryAfterMs ?? patience.firstWaitMs * 2 ** (tried - 1)
      if (!isPassing || tried >= patience.tries || wait > patience.longestWaitMs) return ending
      job.onEvent({ t: 'retry', ...(status === undefined ? {} : { status }) })
      await sleep(wait, undefined, { signal })
    }
  }

  /** One request, and what it took as far as that was told. */
  async #request(signal: AbortSignal): Promise<Turn | Trouble> {
    const { job, model } = this.#options
    const { system, effort, onEvent } = job
    let told: Tokens | undefined
    const heard: Turn | Trouble = await ask({
      ...{ model, system, messages: this.#messages, tools: [...this.#toolbox.tools.values()], signal },
      onText: (text) => onEvent({ t: 'text', text }),
      onTokens: (tokens) => {
        told = tokens
      },
      ...(effort === undefined ? {} : { effort }),
    }).catch(troubleOf)
    if (!('isPassing' in heard)) this.#count(heard.tokens)
    // What nobody waited for may have taken anything; what was refused took nothing.
    else if (told !== undefined || signal.aborted) this.#countCut(told)
    return heard
  }

  #count(tokens: Tokens | undefined): void {
    const { countedAs } = this.#options
    // Tokens that nobody counted have no price, whatever the model costs.
    this.usage.push(
      tokens ? { model: countedAs, ...tokens } : { model: `${countedAs} (tokens not told)`, ...NO_TOKENS },
    )
  }

  #countCut(told: Tokens = NO_TOKENS): void {
    this.usage.push({ model: this.#options.countedAs, ...told, isCut: true })
  }

  #overspent(): Ending | undefined {
    const { limits, costOf } = this.#options.job
    const { maxUsd } = limits
    const spent = this.usage.reduce((sum, usage) => sum + (costOf(usage) ?? 0), 0)
    if (maxUsd === undefined || spent < maxUsd) return undefined
    return { end: 'budget', message: `It spent $${spent.toFixed(4)}, and $${maxUsd} is the limit` }
  }

  /** Runs the calls of a turn and tells the model what came of each; an ending when nothing is left to do. */
  async #answer({ messages, calls }: Turn, signal: AbortSignal): Promise<Ending | undefined> {
    const results: ToolModelMessage['content'] = []
    for (const batch of batches(calls)) {
      const answers = await Promise.all(batch.map((call) => this.#call(call, signal)))
      signal.throwIfAborted()
      if (batch.some(({ tool }, at) => answers[at]?.ok && this.#toolbox.tools.get(tool)?.endsRun)) {
        return { end: 'done' }
      }
      batch.forEach((call, at) => {
        const { ok = false, text = '' } = answers[at] ?? {}
        results.push({
          type: 'tool-result',
          toolCallId: call.id,
          toolName: call.tool,
          output: { type: ok ? 'text' : 'error-text', value: text },
        })
      })
    }
    this.#messages.push(...messages, { role: 'tool', content: results })
    return undefined
  }

  async #call({ tool, input }: ToolCall, signal: AbortSignal): Promise<ToolAnswer> {
    const { onEvent } = this.#options.job
    this.#calls += 1
    const id = `c${this.#calls}`
    onEvent({ t: 'call', id, tool, input })
    const answer = await this.#toolbox.call({ tool, input }, signal)
    onEvent({ t: 'result', id, tool, ...answer })
    return answer
  }
}

/** A model that asks for no tool has stopped, one way or another. */
function endOf({ calls, finish }: Turn): Ending | undefined {
  if (finish === 'length') {
    return { end: 'budget', message: 'The answer of the model was cut off: it came to its limit of tokens' }
  }
  if (calls.length > 0) return undefined
  if (finish === 'stop' || finish === 'tool-calls') return { end: 'done' }
  return { end: 'api-error', message: `The model stopped without an answer (${finish})` }
}

/** Calls in their order: those that only look and follow each other stand together, every other one alone. */
function batches(calls: readonly AskedCall[]): AskedCall[][] {
  const found: AskedCall[][] = []
  for (const call of calls) {
    const last = found.at(-1)
    const isLooking = LOOKING.has(call.tool) && last?.every(({ tool }) => LOOKING.has(tool))
    if (isLooking) last?.push(call)
    else found.push([call])
  }
  return found
}
