/** What was found of one thing a run needs or could use. */
export interface Finding {
  /** What was looked at, such as `node` or `harness ai`. */
  readonly subject: string
  /** `problem` keeps a run from beginning; `note` is worth knowing. */
  readonly status: 'ok' | 'note' | 'problem'
  /** What is, in a few words. */
  readonly found: string
  /** What to do about it. */
  readonly fix?: string
}
