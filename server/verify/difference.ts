import type { Mismatch } from './check.ts'

/** The first place where a JSON value lacks something that was expected of it, or has something else. */
export interface Difference extends Mismatch {
  /** Keys and positions on the way there. */
  readonly path: readonly (string | number)[]
}

/** Finds the first difference; what came beside the expected keys of an object is no difference. */
export function differenceOf(
  expected: unknown,
  came: unknown,
  path: readonly (string | number)[] = [],
): Difference | undefined {
  if (Array.isArray(expected) && Array.isArray(came) && expected.length === came.length) {
    return firstOf(expected.keys(), (at) => differenceOf(expected[at], came[at], [...path, at]))
  }
  if (isRecord(expected) && isRecord(came)) {
    return firstOf(Object.keys(expected), (key) => differenceOf(expected[key], came[key], [...path, key]))
  }
  return expected === came ? undefined : { path, expected: shown(expected), came: shown(came) }
}

function firstOf<K>(keys: Iterable<K>, look: (key: K) => Difference | undefined): Difference | undefined {
  for (const key of keys) {
    const found = look(key)
    if (found !== undefined) return found
  }
  return undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
