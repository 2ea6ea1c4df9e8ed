import type { z } from 'zod'
import { EXCUSED, type Report } from './finding.ts'
import { reportIssue, type SchemaIssue, schemaIssues, valueAt } from './schema-issues.ts'
import type { Yaml } from './yaml.ts'
import type { YamlPath } from './yaml-part.ts'

/** As much of a document as is what its schema says. */
export interface SoundPart<Value> {
  readonly value: Partial<Value>
  /** Tells where the parts of `value` stand. */
  readonly yaml: Yaml
  /** Nothing is missing from `value`. */
  readonly isWhole: boolean
  /** Where something was written, or was meant to be, that `value` does not have; as the author counts. */
  readonly doubts: readonly YamlPath[]
  /** The path of a part of `value` as the author counts. */
  readonly asWritten: (path: YamlPath) => YamlPath
}

/** Reads what can be read of a map, and tells what cannot; undefined when nothing can. */
export function soundPart<Schema extends z.ZodObject>(
  schema: Schema,
  yaml: Yaml,
  report: Report,
): SoundPart<z.infer<Schema>> | undefined {
  const issues = schemaIssues(schema, yaml.data)
  const standing = issues.filter((issue) => reportIssue(yaml, issue, report) !== EXCUSED)
  const kept = prune(partialOf(schema), yaml.data)
  if (kept === undefined) return undefined
  const { asWritten } = kept
  return {
    value: kept.value as Partial<z.infer<Schema>>,
    yaml:
      issues.length === 0
        ? yaml
        : {
            ...yaml,
            valueAt: (path) => yaml.valueAt(asWritten(path)),
            keyAt: (path) => yaml.keyAt(asWritten(path)),
          },
    isWhole: standing.length === 0,
    doubts: standing.map(doubtful),
    asWritten,
  }
}

/** Making a schema takes much longer than using it. */
const PARTIALS = new WeakMap<z.ZodObject, z.ZodObject>()

function partialOf(schema: z.ZodObject): z.ZodObject {
  const partial = PARTIALS.get(schema) ?? schema.partial()
  PARTIALS.set(schema, partial)
  return partial
}

/** The keys of a map that are in doubt, or of which a part is. */
export function keysInDoubt(doubts: readonly YamlPath[], map: YamlPath = []): ReadonlySet<string> {
  const inside = doubts.filter((path) => map.every((step, at) => path[at] === step))
  return new Set(inside.flatMap((path) => (path.length > map.length ? String(path[map.length]) : [])))
}

/** What is missing because of an issue: a misspelt key is the one that was meant. */
function doubtful({ at, part, missing, finding }: SchemaIssue): YamlPath {
  if (missing !== undefined) return [...at, missing]
  return part === 'key' ? [...at.slice(0, -1), finding.fix?.replacement ?? String(at.at(-1))] : at
}

interface Pruned {
  readonly value: unknown
  readonly asWritten: (path: YamlPath) => YamlPath
}

/** Cuts off what a schema does not take, from the tips inwards, until it takes the rest. */
function prune(schema: z.ZodType, data: unknown): Pruned | undefined {
  const cut = new Set<string>()
  for (;;) {
    const asWritten = (path: YamlPath) => original(path, data, cut)
    const rest = without(data, [], cut)
    const read = schema.safeParse(rest)
    if (read.success) return { value: read.data, asWritten }
    const before = cut.size
    const paths = read.error.issues.flatMap((issue) => tips(issue, rest)).map(asWritten)
    for (const path of paths) cut.add(keyOf(path))
    if (cut.has(keyOf([])) || cut.size === before) return undefined
  }
}

/** What to cut off for an issue; what is missing is missing from the part around it. */
function tips({ path, ...issue }: z.core.$ZodIssue, data: unknown): YamlPath[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key])
  return [valueAt(data, path) === undefined ? path.slice(0, -1) : path]
}

function without(data: unknown, path: YamlPath, cut: ReadonlySet<string>): unknown {
  if (cut.size === 0) return data
  const keeps = (step: PropertyKey) => !cut.has(keyOf([...path, step]))
  if (Array.isArray(data)) {
    return data.flatMap((item, at) => (keeps(at) ? [without(item, [...path, at], cut)] : []))
  }
  if (typeof data !== 'object' || data === null) return data
  const entries = Object.entries(data).filter(([key]) => keeps(key))
  return Object.fromEntries(entries.map(([key, value]) => [key, without(value, [...path, key], cut)]))
}

function original(path: YamlPath, data: unknown, cut: ReadonlySet<string>): YamlPath {
  if (cut.size === 0) return path
  const written: PropertyKey[] = []
  let value = data
  for (const step of path) {
    const there = Array.isArray(value) && typeof step === 'number' ? kept(value, written, cut)[step] : step
    written.push(there ?? step)
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[there ?? step]
  }
  return written
}

function kept(list: readonly unknown[], path: YamlPath, cut: ReadonlySet<string>): number[] {
  return [...list.keys()].filter((at) => !cut.has(keyOf([...path, at])))
}

function keyOf(path: YamlPath): string {
  return JSON.stringify(path)
}
