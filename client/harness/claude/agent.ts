import type { AgentJob, AgentOutcome } from '../harness.ts'
import { Account } from './account.ts'
import { type Ending, endingOf } from './ending.ts'
import type { Block, ClaudeMessage, ResultMessage } from './messages.ts'
import { ownName } from './options.ts'

type Heard<Type extends ClaudeMessage['type']> = Extract<ClaudeMessage, { type: Type }>

/** Whoever is told to wait longer than this is better started anew, when it is due. */
const LONGEST_WAIT_MS = 10_000
/** The program does not try again, nor tell for how long, when the provider asks for more than this. */
const UNTOLD_WAIT_MS = 60_000

export interface AgentOptions {
  readonly job: AgentJob
  /** Called once, as soon as it is settled how the agent ends. */
  readonly onSettled: () => void
}

/** One agent as its program tells of it: what is passed on, what it has used, and how it ends. */
export class Agent {
  readonly #job: AgentJob
  readonly #onSettled: () => void
  readonly #account = new Account()
  /** Ids of the model's calls to ours. */
  readonly #calls = new Map<string, { readonly id: string; readonly tool: string }>()
  #ending: Ending | undefined
  #isReported = false
  #isRetried = false
  #result: ResultMessage | undefined

  constructor({ job, onSettled }: AgentOptions) {
    this.#job = job
    this.#onSettled = onSettled
  }

  /** The first to tell how it ends is right. */
  end(ending: Ending): void {
    if (this.#ending) return
    this.#ending = ending
    this.#onSettled()
  }

  /** A tool that ends the run has succeeded: the program may come to its end, and nothing else runs. */
  reported(): void {
    this.#isReported = true
  }

  /** True when nothing more may run. */
  get isClosed(): boolean {
    return this.#isReported || this.#ending !== undefined
  }

  /** True when no further request may be made. */
  get isSpent(): boolean {
    return this.isClosed || this.#isBudgetReached
  }

  get #isBudgetReached(): boolean {
    const { costOf, limits } = this.#job
    if (limits.maxUsd === undefined) return false
    const spent = this.#account.requests.reduce((sum, request) => sum + (costOf(request) ?? 0), 0)
    return spent >= limits.maxUsd
  }

  hear(message: ClaudeMessage): void {
    switch (message.type) {
      case 'system':
        this.#hearSystem(message)
        break
      case 'stream_event':
        if (message.event.type === 'message_delta') this.#account.complete(message.event.usage)
        else this.#account.begin(message.event.message.model, message.event.message.usage)
        break
      case 'assistant':
        // What the program itself says of a failed request is told by its result as well.
        if (message.error !== undefined) break
        this.#hearBlocks(message.message.content, (block) => this.#hearSaid(block))
        break
      case 'user':
        this.#hearBlocks(message.message.content, (block) => this.#hearAnswer(block))
        break
      case 'result':
        this.#result = message
        this.end(this.#lastWord(message))
    }
  }

  outcome(ms: number, complaints: string): AgentOutcome {
    const silent = {
      end: 'crash',
      message: lastLine(complaints) ?? 'the program ended without a word',
    } as const
    this.#account.cut()
    const usage = this.#account.settled(this.#result?.modelUsage ?? {})
    return { ...(this.#ending ?? silent), turns: this.#account.requests.length, usage, ms }
  }

  #lastWord(result: ResultMessage): Ending {
    if (this.#isReported) return { end: 'done' }
    const { maxUsd } = this.#job.limits
    if (this.#isBudgetReached && !saidGoodbye(result)) {
      return { end: 'budget', message: `Not done for $${maxUsd}` }
    }
    const ending = endingOf(result)
    const isPutOff = ending.end === 'rate-limit' && !this.#isRetried
    return isPutOff ? { ...ending, retryAfterMs: UNTOLD_WAIT_MS } : ending
  }

  #hearSystem(message: Heard<'system'>): void {
    if (message.subtype === 'init') {
      this.#job.onEvent({ t: 'start', tools: message.tools.map(ownName), model: message.model })
      return
    }
    const { error_status: status, retry_delay_ms: wait } = message
    this.#job.onEvent({ t: 'retry', ...(status === null ? {} : { status }) })
    this.#isRetried = true
    if (status === 401) this.end({ end: 'auth' })
    if (status !== 429 || wait <= LONGEST_WAIT_MS) return
    this.end({ end: 'rate-limit', message: 'the model provider asked to slow down', retryAfterMs: wait })
  }

  #hearBlocks(content: string | readonly Block[], hear: (block: Block) => void): void {
    if (typeof content !== 'string') for (const block of content) hear(block)
  }

  #hearSaid({ type, text, id, name = '', input }: Block): void {
    if (type === 'text' && text) this.#job.onEvent({ t: 'text', text })
    if (type !== 'tool_use' || id === undefined || this.isClosed) return
    const call = { id: `c${this.#calls.size + 1}`, tool: ownName(name) }
    this.#calls.set(id, call)
    this.#job.onEvent({ t: 'call', ...call, input })
  }

  #hearAnswer({ type, tool_use_id = '', is_error, content = '' }: Block): void {
    const call = type === 'tool_result' ? this.#calls.get(tool_use_id) : undefined
    if (call) this.#job.onEvent({ t: 'result', ...call, ok: is_error !== true, text: textOf(content) })
  }
}

function saidGoodbye(result: ResultMessage): boolean {
  return result.stop_reason === 'end_turn'
}

function textOf(content: NonNullable<Block['content']>): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('\n')
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1) || undefined
}
