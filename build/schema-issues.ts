import { z } from 'zod'
import { closest, didYouMean } from '../schemas/suggest.ts'
import { EXCUSED, errorAt, type Finding, quote, type Report } from './finding.ts'
import type { Yaml } from './yaml.ts'
import type { YamlPath } from './yaml-part.ts'

/** One way in which a value is not what its schema asks for, and where. */
export interface SchemaIssue {
  readonly at: YamlPath
  readonly part: 'key' | 'value'
  /** The key that is not there, when that is the issue. */
  readonly missing?: string
  readonly finding: Finding
}

/** Reads a YAML value by a schema; undefined after telling all that is not as the schema says. */
export function checkSchema<Schema extends z.ZodType>(
  schema: Schema,
  yaml: Yaml,
  report: Report,
): z.infer<Schema> | undefined {
  const read = schema.safeParse(yaml.data)
  if (read.success) return read.data
  const issues = schemaIssues(schema, yaml.data)
  const excused = issues.filter((issue) => reportIssue(yaml, issue, report) === EXCUSED)
  return excused.length < issues.length ? undefined : schema.parse(withoutKeys(yaml.data, excused))
}

/** What is left of a value without the keys that are not to be there. */
export function withoutKeys(data: unknown, issues: readonly SchemaIssue[]): unknown {
  return issues.reduce((rest, { at }) => withoutKey(rest, at), data)
}

function withoutKey(data: unknown, [step, ...rest]: YamlPath): unknown {
  if (Array.isArray(data)) return data.map((item, at) => (at === step ? withoutKey(item, rest) : item))
  const entries = Object.entries(data as object)
  const kept = entries.filter(([key]) => rest.length > 0 || key !== step)
  return Object.fromEntries(kept.map(([key, value]) => [key, key === step ? withoutKey(value, rest) : value]))
}

/** All that is not as a schema says; empty when nothing is. */
export function schemaIssues(schema: z.ZodType, data: unknown): SchemaIssue[] {
  const read = schema.safeParse(data)
  if (read.success) return []
  const keys = keysOf(schema)
  const issues = read.error.issues.flatMap((issue) => findings(issue, data, keys))
  // A misspelt key is one mistake, not two.
  const meant = new Set(
    issues.map(({ at, finding }) => keyName([...at.slice(0, -1), finding.fix?.replacement ?? ''])),
  )
  return issues.filter(({ at, missing }) => missing === undefined || !meant.has(keyName([...at, missing])))
}

/** Tells one issue, and passes the answer back. */
export function reportIssue(yaml: Yaml, issue: SchemaIssue, report: Report): unknown {
  const place = issue.part === 'key' ? yaml.keyAt(issue.at) : yaml.valueAt(issue.at)
  return report(errorAt({ path: yaml.path, ...place }, issue.finding))
}

type Issue = z.core.$ZodIssue

function findings(issue: Issue, data: unknown, keys: KeysAt): SchemaIssue[] {
  const value = valueAt(data, issue.path)
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, keys(issue.path))
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue)
    if (branch !== undefined) {
      return branch.flatMap((inner) =>
        findings({ ...inner, path: [...issue.path, ...inner.path] }, data, keys),
      )
    }
  }
  if (value === undefined) {
    const missing = String(issue.path.at(-1))
    const message = `Missing key ${quote(missing)}: expected ${wanted(issue)}`
    return [
      {
        at: issue.path.slice(0, -1),
        part: 'value',
        missing,
        finding: { code: 'validate/missing-key', message },
      },
    ]
  }
  const where = issue.path.length === 0 ? 'this document' : quote(nameOf(issue.path))
  const message = `Cannot use ${quote(value)} as ${where}: ${wantedSentence(issue)}`
  const fix =
    issue.code === 'invalid_value' && typeof value === 'string'
      ? didYouMean(value, issue.values.map(String))
      : undefined
  return [{ at: issue.path, part: 'value', finding: { code: 'validate/value', message, fix } }]
}

function unknownKeys(issue: Issue & { readonly keys: string[] }, known: readonly string[]): SchemaIssue[] {
  return issue.keys.map((key) => {
    const near = closest(key, known)
    const expected = near === undefined ? `one of ${known.join(', ')}` : `"${near}"`
    const message = `Unknown key ${quote(key)}: expected ${expected}`
    const finding = { code: 'validate/unknown-key', message, fix: didYouMean(key, known) } as const
    return { at: [...issue.path, key], part: 'key', finding }
  })
}

/** The branch of a union that the author meant: the one whose own shape fits, if any. */
function nearestBranch(issue: Issue & { readonly code: 'invalid_union' }): Issue[] | undefined {
  return issue.errors.find(
    (branch) => !branch.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0),
  )
}

function wantedSentence(issue: Issue): string {
  return issue.message.startsWith('expected ') ? issue.message : `expected ${wanted(issue)}`
}

function wanted(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `${amount(issue.origin, Number(issue.minimum))} or more`
    case 'too_big':
      return `at most ${amount(issue.origin, Number(issue.maximum))}`
    case 'invalid_union':
      return issue.errors
        .flatMap((branch) => branch.filter((inner) => inner.path.length === 0))
        .map(wanted)
        .join(' or ')
    default:
      return 'another value'
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

function amount(origin: string, count: number): string {
  if (origin === 'string') return `${count} character${count === 1 ? '' : 's'}`
  if (origin === 'array') return `${count} item${count === 1 ? '' : 's'}`
  return String(count)
}

function nameOf(path: YamlPath): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`))
    .join('')
}

function keyName(path: YamlPath): string {
  return path.map(String).join('\n')
}

/** The part of a value at a path; undefined when there is none. */
export function valueAt(data: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null)?.[step], data)
}

type KeysAt = (path: YamlPath) => readonly string[]

/** Tells the keys that a schema knows for the map at a path. */
function keysOf(schema: z.core.$ZodType): KeysAt {
  return (path) => {
    const inner = objectIn(path.reduce<z.core.$ZodType | undefined>(stepInto, schema))
    return inner === undefined ? [] : Object.keys(inner.shape)
  }
}

function stepInto(schema: z.core.$ZodType | undefined, step: PropertyKey): z.core.$ZodType | undefined {
  const plain = unwrapped(schema)
  if (plain instanceof z.ZodArray) return plain.element
  if (plain instanceof z.ZodRecord) return plain.valueType
  return objectIn(plain)?.shape[String(step)]
}

function objectIn(schema: z.core.$ZodType | undefined): z.ZodObject | undefined {
  const plain = unwrapped(schema)
  if (plain instanceof z.ZodUnion) return plain.options.map(objectIn).find((option) => option !== undefined)
  return plain instanceof z.ZodObject ? plain : undefined
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrapped(schema.unwrap())
    : schema
}
