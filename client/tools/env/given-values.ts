/** Environment values that a person gave for this run. They are in no journal, no handoff and no answer to an agent. */
export interface GivenValues {
  readonly has: (key: string) => boolean
  readonly get: (key: string) => string | undefined
  readonly give: (key: string, value: string) => void
}

/** Begins with what was given on the command line. */
export function givenValues(first: ReadonlyMap<string, string>): GivenValues {
  const values = new Map(first)
  return {
    has: (key) => values.has(key),
    get: (key) => values.get(key),
    give: (key, value) => void values.set(key, value),
  }
}
