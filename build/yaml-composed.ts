import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import { hiddenCharacters } from '../schemas/hidden-text.ts'
import { type Finding, quote } from './finding.ts'
import { composeYaml, MAX_DEPTH, type Refuse, tooDeep } from './yaml-document.ts'
import type { LocatedYaml, YamlPart } from './yaml-part.ts'

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/** Reads any YAML, strictly, and tells all that is wrong with it. */
export function readComposedYaml(text: string, refuse: Refuse): LocatedYaml {
  const root = composeYaml(text, refuse)
  if (root === undefined) return { data: null, root: undefined }
  const place = emptyPart(root.range?.[0] ?? 0)
  return { data: dataOf(root, { depth: 0, refuse, place }), root: place }
}

/** A part that is being read. */
interface OpenPart extends YamlPart {
  value: number
  readonly parts: Map<PropertyKey, OpenPart>
}

function emptyPart(offset: number): OpenPart {
  return { key: offset, value: offset, parts: new Map() }
}

interface Walk {
  readonly depth: number
  readonly refuse: Refuse
  readonly place: OpenPart
}

/** The walk into a part, which begins at an offset. */
function into({ depth, refuse, place }: Walk, step: PropertyKey, offset: number): Walk {
  const part = emptyPart(offset)
  place.parts.set(step, part)
  return { depth: depth + 1, refuse, place: part }
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
  if (walk.depth > MAX_DEPTH) {
    walk.refuse(offset, tooDeep())
    return null
  }
  walk.place.value = offset
  if (isMap(node)) return mapOf(node.items as Pair<Node, Node | null>[], walk)
  if (isSeq(node)) {
    const items = node.items as Node[]
    return items.map((item, at) => dataOf(item, into(walk, at, item.range?.[0] ?? 0)))
  }
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
    const inner = into(walk, key, offset)
    scalarOf(key, offset, walk)
    map[key] = pair.value === null ? null : dataOf(pair.value, inner)
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
