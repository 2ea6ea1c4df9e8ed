/**
 * A persistent map from non-negative integers: a trie of 32-way nodes. `with` and `without` share all but
 * one path with the map they were called on, which stays as it was; entries come in ascending order, lazily.
 */
export interface IntMap<T> {
  readonly size: number
  /** Bits below the root's slot; grows by five as keys need it. */
  readonly shift: number
  readonly root: Slots<T>
}

type Slots<T> = readonly (Slots<T> | T | undefined)[]

const BITS = 5
const MASK = 31

export const emptyMap: IntMap<never> = { size: 0, shift: 0, root: [] }

/** The value at `key`. */
export function at<T>(map: IntMap<T>, key: number): T | undefined {
  if (key >>> map.shift > MASK) return undefined
  let node = map.root
  for (let shift = map.shift; shift > 0; shift -= BITS) {
    const child = node[(key >>> shift) & MASK]
    if (child === undefined) return undefined
    node = child as Slots<T>
  }
  return node[key & MASK] as T | undefined
}

/** The same map with `value` at `key`. */
export function put<T>(map: IntMap<T>, key: number, value: T & {}): IntMap<T> {
  let { shift, root } = map
  while (key >>> shift > MASK) {
    root = root.length === 0 ? [] : [root]
    shift += BITS
  }
  const known = at(map, key) !== undefined
  return { size: map.size + (known ? 0 : 1), shift, root: putIn(root, shift, { key, value }) }
}

function putIn<T>(node: Slots<T>, shift: number, entry: { key: number; value: T }): Slots<T> {
  const copy = node.slice()
  const slot = (entry.key >>> shift) & MASK
  while (copy.length < slot) copy.push(undefined)
  copy[slot] =
    shift === 0 ? entry.value : putIn((node[slot] as Slots<T> | undefined) ?? [], shift - BITS, entry)
  return copy
}

/** The same map with nothing at `key`. */
export function drop<T>(map: IntMap<T>, key: number): IntMap<T> {
  if (at(map, key) === undefined) return map
  return { size: map.size - 1, shift: map.shift, root: dropIn(map.root, map.shift, key) ?? [] }
}

/** Undefined when nothing is left, so that walking never visits an empty node. */
function dropIn<T>(node: Slots<T>, shift: number, key: number): Slots<T> | undefined {
  const copy = node.slice()
  const slot = (key >>> shift) & MASK
  copy[slot] = shift === 0 ? undefined : dropIn(node[slot] as Slots<T>, shift - BITS, key)
  return copy.every((child) => child === undefined) ? undefined : copy
}

/** Entries in ascending order of key; costs what is taken. */
export function* entriesOf<T>(map: IntMap<T>): Generator<readonly [number, T]> {
  const path = [{ node: map.root, slot: 0, base: 0 }]
  while (path.length > 0) {
    const top = path[path.length - 1] as (typeof path)[number]
    const slot = top.slot++
    if (slot >= top.node.length) {
      path.pop()
      continue
    }
    const child = top.node[slot]
    if (child === undefined) continue
    const shift = map.shift - BITS * (path.length - 1)
    const base = top.base + slot * 2 ** shift
    if (shift === 0) yield [base, child as T]
    else path.push({ node: child as Slots<T>, slot: 0, base })
  }
}
