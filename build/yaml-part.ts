/** Steps from the root of a YAML value to a part of it. */
export type YamlPath = readonly PropertyKey[]

/** Where a part of a YAML value stands, and the parts that it has in its turn. */
export interface YamlPart {
  /** Offset of its key; of itself, when it has none. */
  readonly key: number
  readonly value: number
  readonly parts: ReadonlyMap<PropertyKey, YamlPart>
}

/** A YAML value, and where its parts stand. */
export interface LocatedYaml {
  /** Nothing is known of it yet. */
  readonly data: unknown
  /** Undefined for a text that holds no value. */
  readonly root: YamlPart | undefined
}

/** The part at the end of a path, or the nearest that exists. */
export function partAt(
  root: YamlPart,
  path: YamlPath,
): { readonly part: YamlPart; readonly isThere: boolean } {
  let part = root
  for (const step of path) {
    const inner = part.parts.get(step)
    if (inner === undefined) return { part, isThere: false }
    part = inner
  }
  return { part, isThere: true }
}
