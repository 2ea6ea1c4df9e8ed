import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { hiddenCharacters } from '../schemas/hidden-text.ts'
import { errorAt, type Finding, quote, type Report } from './finding.ts'
import type { Position } from './position.ts'
import type { Text } from './text.ts'
import { composeYaml, MAX_DEPTH, type Refuse, tooDeep } from './yaml-document.ts'

/** Findings of one text that are told. */
const MAX_REFUSALS = 100
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** Steps from the root of a YAML value to a part of it. */
export type YamlPath = readonly PropertyKey[]

/** A piece of YAML, read strictly, that still knows where each of its parts stands. */
export interface Yaml {
  readonly path: string
  /** Nothing is known of it yet: only `checkSchema` turns it into something. */
  readonly data: unknown
  /** Where the value at a path stands; of the nearest part that exists, when it does not. */
  readonly valueAt: (path: YamlPath) => Position
  /** Where the key at the end of a path stands. */
  readonly keyAt: (path: YamlPath) => Position
}

/** Reads YAML that stands at an offset of a text; undefined after telling what is wrong with it. */
export function readYaml(
  source: Text,
  block: { readonly text: string; readonly offset: number },
  report: Report,
): Yaml | undefined {
  const positionOf = (offset: number) => source.positionOf(block.offset + offset)
  const refusals: { readonly offset: number; readonly finding: Finding }[] = []
  const refuse: Refuse = (offset, finding) => {
    if (refusals.length < MAX_REFUSALS) refusals.push({ offset, finding })
  }
  const root = composeYaml(block.text, refuse)
  const places = new Map<string, Places>()
  const data = root === undefined ? null : dataOf(root, { path: [], refuse, places })
  for (const { offset, finding } of refusals) {
    report(errorAt({ path: source.path, ...positionOf(offset) }, finding))
  }
  if (refusals.length > 0) return undefined
  const find = (path: YamlPath, part: keyof Places): Position => {
    for (let length = path.length; length >= 0; length--) {
      const place = places.get(keyOf(path.slice(0, length)))
      if (place !== undefined) return positionOf(length === path.length ? place[part] : place.value)
    }
    return positionOf(0)
  }
  return {
    path: source.path,
    data,
    valueAt: (path) => find(path, 'value'),
    keyAt: (path) => find(path, 'key'),
  }
}

interface Places {
  readonly key: number
  readonly value: number
}

interface Walk {
  readonly path: YamlPath
  readonly refuse: Refuse
  readonly places: Map<string, Places>
}

function dataOf(node: Node, walk: Walk): unknown {
  const offset = node.range?.[0] ?? 0
  if (isAlias(node)) {
    walk.refuse(offset, {
      code: 'parse/yaml-alias',
      message: `Cannot use the alias "*${node.source}": expected the value itself`,
    })
    return null
  }
  if (node.anchor !== undefined) {
    walk.refuse(offset, {
      code: 'parse/yaml-alias',
      message: `Cannot use the anchor "&${node.anchor}": expected a plain value`,
    })
  }
  if (node.tag !== undefined) {
    walk.refuse(offset, {
      code: 'parse/yaml-tag',
      message: `Cannot use the tag ${quote(node.tag)}: expected a plain value`,
    })
  }
  if (walk.path.length > MAX_DEPTH) {
    walk.refuse(offset, tooDeep())
    return null
  }
  const key = keyOf(walk.path)
  walk.places.set(key, { key: walk.places.get(key)?.key ?? offset, value: offset })
  if (isMap(node)) return mapOf(node.items as Pair<Node, Node | null>[], walk)
  if (isSeq(node))
    return node.items.map((item, at) => dataOf(item as Node, { ...walk, path: [...walk.path, at] }))
  return isScalar(node) ? scalarOf(node.value, offset, walk) : null
}

function mapOf(pairs: readonly Pair<Node, Node | null>[], walk: Walk): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  const seen = new Set<string>()
  for (const pair of pairs) {
    const offset = pair.key.range?.[0] ?? 0
    const key = isScalar(pair.key) ? pair.key.value : undefined
    const problem = keyProblem(key, seen)
    if (problem !== undefined || typeof key !== 'string') {
      walk.refuse(offset, problem ?? keyExpected(key))
      continue
    }
    seen.add(key)
    const path = [...walk.path, key]
    walk.places.set(keyOf(path), { key: offset, value: offset })
    scalarOf(key, offset, walk)
    map[key] = pair.value === null ? null : dataOf(pair.value, { ...walk, path })
  }
  return map
}

function keyProblem(key: unknown, seen: ReadonlySet<string>): Finding | undefined {
  if (typeof key !== 'string') return keyExpected(key)
  if (key === '<<')
    return { code: 'parse/yaml-merge', message: 'Cannot merge maps with "<<": expected the keys themselves' }
  if (FORBIDDEN_KEYS.has(key)) {
    return {
      code: 'parse/yaml-key',
      message: `Cannot use the key ${quote(key)}: expected a name that JavaScript has no meaning for`,
    }
  }
  if (seen.has(key))
    return { code: 'parse/duplicate-key', message: `Cannot set ${quote(key)} twice: expected each key once` }
  return undefined
}

function keyExpected(key: unknown): Finding {
  return { code: 'parse/yaml-key', message: `Cannot use ${quote(key ?? null)} as a key: expected text` }
}

/** Escapes can write what the text itself may not hold. */
function scalarOf(value: unknown, offset: number, { refuse }: Walk): unknown {
  if (typeof value !== 'string') return value
  if (!value.isWellFormed() || hiddenCharacters(value).length > 0) {
    refuse(offset, {
      code: 'parse/hidden-character',
      message: 'Cannot use an escape that stands for a hidden character: expected text that a reader can see',
    })
  }
  return value
}

function keyOf(path: YamlPath): string {
  return path.map((step) => `${typeof step === 'number' ? '#' : '.'}${String(step)}`).join('\n')
}
