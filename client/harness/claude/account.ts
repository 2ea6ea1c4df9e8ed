import type { Usage } from '../../../schemas/run-event.ts'
import type { ModelUsage, WireUsage } from './messages.ts'

/** What one agent's requests took, one entry a request. */
export class Account {
  readonly #requests: Usage[] = []
  /** True while the answer to the last request is on its way. */
  #isOpen = false

  /** A request is being answered. */
  begin(model: string, usage: WireUsage): void {
    this.cut()
    this.#isOpen = true
    this.#requests.push(merged({ model, input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, usage))
  }

  /** The answer is whole: its last figures hold. */
  complete(usage: WireUsage): void {
    const last = this.#requests.pop()
    if (last) this.#requests.push(merged(last, usage))
    this.#isOpen = false
  }

  /** Nothing more is heard of the answer that was on its way, if one was. */
  cut(): void {
    const last = this.#isOpen ? this.#requests.pop() : undefined
    if (last) this.#requests.push({ ...last, isCut: true })
    this.#isOpen = false
  }

  get requests(): readonly Usage[] {
    return this.#requests
  }

  /** With what the program asked of models behind our back, one entry a model. */
  settled(told: Readonly<Record<string, ModelUsage>>): readonly Usage[] {
    const all = Object.entries(told).map(([model, usage]) => ofModel(model, usage))
    // A model may be told under another of its names; nothing is missing while the sums agree.
    if (tokensOf(all) <= tokensOf(this.#requests)) return this.#requests
    return [
      ...this.#requests,
      ...all.map((usage) => this.#beyond(usage)).filter((one) => tokensOf([one]) > 0),
    ]
  }

  #beyond({ model, isCut: _, ...told }: Usage): Usage {
    const own = this.#requests.filter((request) => request.model === model)
    const rest = (key: keyof typeof told) =>
      Math.max(0, told[key] - own.reduce((sum, request) => sum + request[key], 0))
    return {
      model,
      input: rest('input'),
      output: rest('output'),
      cacheRead: rest('cacheRead'),
      cacheWrite: rest('cacheWrite'),
    }
  }
}

function merged(before: Usage, wire: WireUsage): Usage {
  return {
    ...before,
    input: wire.input_tokens ?? before.input,
    output: wire.output_tokens ?? before.output,
    cacheRead: wire.cache_read_input_tokens ?? before.cacheRead,
    cacheWrite: wire.cache_creation_input_tokens ?? before.cacheWrite,
  }
}

function ofModel(model: string, usage: ModelUsage): Usage {
  return {
    model,
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: usage.cacheReadInputTokens,
    cacheWrite: usage.cacheCreationInputTokens,
  }
}

function tokensOf(usages: readonly Usage[]): number {
  return usages.reduce((sum, one) => sum + one.input + one.output + one.cacheRead + one.cacheWrite, 0)
}
