/** A scripted model that plays whole flows: it follows the rules of the embedded harness, over the wire. */
import { setImmediate } from 'node:timers/promises'
import { inOneGo } from '../../../client/harness/embedded/in-one-go.ts'
import type { Policy, ToolResult } from '../../../client/harness/embedded/policy.ts'
import type { JobSubject } from '../../../client/harness/harness.ts'
import type { Brain, ModelAnswer, ModelRequest } from './model-server.ts'
import type { ScriptedCall } from './model-stream.ts'

/**
 * `<flow>/<type>` or `<flow>/*` to the rule. One conversation per task is known by what its agent is told; an agent
 * that is told of steps does them all.
 */
export function policyModel(flow: string, policies: Readonly<Record<string, Policy>>): Brain {
  const conversations = new Map<string, Conversation>()
  const ruleOf = (type: string) => policies[`${flow}/${type}`] ?? policies[`${flow}/*`]
  return async (request) => {
    const subject = subjectOf(flow, request)
    const before = request.turn === 0 ? undefined : conversations.get(subject.by)
    const conversation = before ?? new Conversation()
    if (!before) {
      const policy = subject.steps ? inOneGo(ruleOf) : ruleOf(subject.type)
      if (!policy) return { fault: { status: 400, message: `no rule for ${subject.type}` } }
      conversations.set(subject.by, conversation)
      conversation.begin(policy, subject, request.prompt)
    }
    return conversation.next(request.results)
  }
}

/** What the prompts say of the job. */
function subjectOf(flow: string, { system, prompt }: ModelRequest): JobSubject {
  const said = (pattern: RegExp) => pattern.exec(`${system}\n${prompt}`)?.[1]
  const framework = said(/^- Framework: (.+)$/m) ?? ''
  const task = /^- Task: (t[0-9]+) \(([a-z0-9_-]+)\)/m.exec(prompt)
  const types = [...prompt.matchAll(/^# Step \d+ of \d+: .*\(([a-z0-9_-]+)\)$/gm)].map(
    ([, type = '']) => type,
  )
  return {
    flow,
    type: task?.[2] ?? 'seed',
    ...(types.length === 0 ? {} : { steps: { seed: 'seed', types } }),
    inputs: {},
    framework: /^[a-z0-9_-]+$/.test(framework) ? framework : null,
    runFolder: `/app/${said(/^- Run folder: (.+)$/m)}`,
    by: task?.[1] ?? 'seed',
  }
}

interface Pending extends ScriptedCall {
  readonly answer: (result: ToolResult) => void
}

/** A rule that is asked for its next turn, and goes on with what its calls came to. */
class Conversation {
  #open: readonly Pending[] = []
  #asked: Pending[] = []
  #said: string[] = []
  #ended = false
  #broken: unknown

  begin(policy: Policy, subject: JobSubject, prompt: string): void {
    const running = policy({
      subject,
      cwd: '/app',
      prompt,
      signal: new AbortController().signal,
      call: (tool, input) =>
        new Promise((answer) => {
          this.#asked.push({ tool, input, answer })
        }),
      say: (text) => void this.#said.push(text),
    })
    running
      .catch((error: unknown) => {
        this.#broken = error
      })
      .finally(() => {
        this.#ended = true
      })
  }

  async next(results: ModelRequest['results']): Promise<ModelAnswer> {
    for (const [at, { answer }] of this.#open.entries()) {
      answer(results[at] ?? { ok: false, text: 'no answer' })
    }
    while (this.#asked.length === 0 && !this.#ended) await setImmediate()
    if (this.#broken !== undefined) return { fault: { status: 400, message: String(this.#broken) } }
    this.#open = this.#asked
    this.#asked = []
    const text = this.#said.splice(0).join('\n')
    return { calls: this.#open.map(({ tool, input }) => ({ tool, input })), ...(text === '' ? {} : { text }) }
  }
}
