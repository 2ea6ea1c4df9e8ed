import { structuredPatch } from 'diff'
import { comparePaths } from '../content-path.ts'
import { estimateTokens } from '../tokens.ts'
import { type Files, textOf } from '../unpack.ts'
import { type Facts, type Item, SURFACES, type SurfaceName, type Surfaces } from './surfaces.ts'

/** How one value, or one list, became another; null for a value that was or is not there. */
export type FactChange =
  | { readonly fact: string; readonly before: string | null; readonly after: string | null }
  | { readonly fact: string; readonly gained: readonly string[]; readonly lost: readonly string[] }

/** A stretch of a text that changed, in the form of a unified diff. */
export interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  /** Each begins with a space, `-`, `+` or `\`. */
  readonly lines: readonly string[]
}

/** What became of one file. */
export interface FileChange {
  readonly path: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly sizeBefore: number
  readonly sizeAfter: number
  /** Null for a file that is no text, or that has too little in common with what it was. */
  readonly hunks: readonly Hunk[] | null
}

/** What became of one thing of a surface. */
export interface ItemChange {
  readonly name: string
  readonly change: 'added' | 'removed' | 'changed'
  readonly facts: readonly FactChange[]
  readonly files: readonly FileChange[]
  /** Estimated tokens of all its texts. */
  readonly tokensBefore: number
  readonly tokensAfter: number
}

/** What became of one surface. */
export interface SurfaceChange {
  readonly surface: SurfaceName
  readonly items: readonly ItemChange[]
}

/** Lines that may differ before two texts are told to have too little in common. */
const MAX_EDITS = 2_000
const CONTEXT = 3

/** What differs between two releases; surfaces without a difference are left out. */
export function diffSurfaces(before: Surfaces, after: Surfaces): SurfaceChange[] {
  return SURFACES.map((surface) => ({
    surface,
    items: keysOf(before[surface], after[surface]).flatMap((name) =>
      diffItem(name, before[surface].get(name), after[surface].get(name)),
    ),
  })).filter(({ items }) => items.length > 0)
}

const NOTHING: Item = { facts: {}, files: new Map() }

function diffItem(name: string, before: Item | undefined, after: Item | undefined): ItemChange[] {
  const old = before ?? NOTHING
  const now = after ?? NOTHING
  const change = changeOf(before, after)
  const facts = diffFacts(old.facts, now.facts)
  const files = keysOf(old.files, now.files).flatMap((path) =>
    diffFile(path, old.files.get(path), now.files.get(path)),
  )
  if (change === 'changed' && facts.length + files.length === 0) return []
  const tokens = { tokensBefore: tokensOf(old.files), tokensAfter: tokensOf(now.files) }
  return [{ name, change, facts, files, ...tokens }]
}

function changeOf(before: unknown, after: unknown): ItemChange['change'] {
  if (before === undefined) return 'added'
  return after === undefined ? 'removed' : 'changed'
}

function keysOf(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort(comparePaths)
}

function diffFacts(before: Facts, after: Facts): FactChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((fact) => {
    const old = before[fact]
    const now = after[fact]
    if (typeof old === 'object' || typeof now === 'object') return diffList(fact, listOf(old), listOf(now))
    if (old === now) return []
    return [{ fact, before: old ?? null, after: now ?? null }]
  })
}

function diffList(fact: string, before: readonly string[], after: readonly string[]): FactChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const gained = after.filter((one) => !before.includes(one))
  const lost = before.filter((one) => !after.includes(one))
  return [{ fact, gained, lost }]
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}

function diffFile(path: string, before?: Uint8Array, after?: Uint8Array): FileChange[] {
  if (before !== undefined && after !== undefined && Buffer.compare(before, after) === 0) return []
  const sizes = { sizeBefore: before?.length ?? 0, sizeAfter: after?.length ?? 0 }
  const change = changeOf(before, after)
  return [{ path, change, ...sizes, hunks: hunksOf(before, after) }]
}

function hunksOf(before?: Uint8Array, after?: Uint8Array): readonly Hunk[] | null {
  const old = before === undefined ? '' : textOf(before)
  const now = after === undefined ? '' : textOf(after)
  if (old === undefined || now === undefined) return null
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS }
  const patch = structuredPatch('', '', old, now, '', '', options)
  if (patch === undefined) return null
  // A side without lines is told by the line before it.
  return patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    oldStart: oldLines === 0 ? oldStart - 1 : oldStart,
    oldLines,
    newStart: newLines === 0 ? newStart - 1 : newStart,
    newLines,
    lines,
  }))
}

function tokensOf(files: Files): number {
  let tokens = 0
  for (const bytes of files.values()) tokens += estimateTokens(textOf(bytes) ?? '')
  return tokens
}
