/** What a screen shows above the tasks. */
export interface RunTitle {
  readonly flow: string
  /** Name of the app. */
  readonly app: string
  readonly framework: string | null
  readonly harness: string
  /** What the harness says of itself, such as "no model: rule-based". */
  readonly disclosure: string
  readonly release: string
}
