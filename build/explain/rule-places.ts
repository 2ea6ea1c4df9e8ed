import type { Yaml } from '../yaml.ts'

/** Where each rule that applies to a skill is written: its first and last line in `commandments.yaml`. */
export function rulePlaces(
  tags: readonly string[],
  yaml: Yaml | undefined,
): ReadonlyMap<string, readonly [number, number]> {
  const places = new Map<string, readonly [number, number]>()
  if (yaml === undefined) return places
  const [data, prefix] = unwrapped(yaml)
  for (const tag of ['all', ...tags]) {
    const rules = data[tag]
    if (!Array.isArray(rules)) continue
    for (const [at, rule] of rules.entries()) {
      const { line } = yaml.valueAt([...prefix, tag, at])
      if (typeof rule === 'string' && !places.has(rule)) places.set(rule, [line, line])
    }
  }
  return places
}

/** Rules stand bare or under a key `commandments`. */
function unwrapped({ data }: Yaml): readonly [Readonly<Record<string, unknown>>, readonly string[]] {
  const bare = (data ?? {}) as Readonly<Record<string, unknown>>
  const inner = bare.commandments
  const wrapped = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  return wrapped ? [inner as Readonly<Record<string, unknown>>, ['commandments']] : [bare, []]
}
