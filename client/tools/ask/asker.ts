/** What an agent wants to know of the person who started the run. */
export interface Question {
  /** Task id of who asks. */
  readonly by: string
  /** Label of that task. */
  readonly label: string
  /** Text of a model: show it as text alone. */
  readonly question: string
  /** When there are any, an answer is one of them. */
  readonly options: readonly string[]
  /** What the agent suggests; nobody takes it but the person. */
  readonly suggestion?: string
  /** Name of the environment value that the answer becomes; then it is not shown, neither here nor to the agent. */
  readonly keepAs?: string
  readonly timeoutMs: number
}

/** Somebody who can ask the person. */
export interface Asker {
  /**
   * Resolves with the answer; undefined when the person declines.
   * Contract: asked one question at a time; gives up, with undefined, soon after `signal` aborts.
   */
  readonly ask: (question: Question, signal: AbortSignal) => Promise<string | undefined>
}
