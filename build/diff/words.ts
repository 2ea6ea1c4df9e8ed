import type { FactChange, FileChange, ItemChange, SurfaceChange } from './changes.ts'
import type { SurfaceName } from './surfaces.ts'

/** What a diff compares, and how each side was named. */
export interface Side {
  readonly name: string
  /** Null when nothing of it could be built. */
  readonly release: string | null
  /** Errors of its build; what has one is left out of the release. */
  readonly errors: number
}

/** The difference between two releases. */
export interface ReleaseDiff {
  readonly before: Side
  readonly after: Side
  readonly surfaces: readonly SurfaceChange[]
}

/** What people call a surface. */
export const HEADINGS: Readonly<Record<SurfaceName, string>> = {
  agents: 'Agent prompts',
  skills: 'Skills',
  bundles: 'Bundles',
  cli: 'Command line',
  resources: 'Manifest resources',
  plugins: 'Plugins',
  files: 'Other files',
}

/** A sentence about one thing, and whether it widens what an agent may do. */
export interface Told {
  readonly text: string
  readonly widens: boolean
}

interface ListWords {
  /** Of something new. */
  readonly has: string
  readonly gains: string
  readonly loses: string
}

const LIST_WORDS: Readonly<Record<string, ListWords>> = {
  allowedTools: { has: 'may use', gains: 'gains', loses: 'loses' },
  disallowedTools: { has: 'is denied', gains: 'is now denied', loses: 'is no longer denied' },
  skills: { has: 'uses', gains: 'now uses', loses: 'no longer uses' },
  dependsOn: { has: 'waits for', gains: 'now waits for', loses: 'no longer waits for' },
}

/** Tools that change a project; a new prompt with one of them is worth a second look. */
const CHANGING = new Set(['Write', 'Edit', 'Bash'])

/** What is to be told of an item, in words; of a removed one, only that it is. */
export function tellFacts({ change, facts }: ItemChange): Told[] {
  if (change === 'removed') return []
  return facts.flatMap((fact) => ('before' in fact ? [tellValue(fact, change)] : tellList(fact, change)))
}

type Change = ItemChange['change']
type ListChange = Extract<FactChange, { gained: unknown }>
type ValueChange = Exclude<FactChange, ListChange>

function tellValue({ fact, before, after }: ValueChange, change: Change): Told {
  const values = change === 'added' ? `${after}` : `${before ?? '(none)'} → ${after ?? '(none)'}`
  return { text: `${fact}: ${values}`, widens: false }
}

function tellList({ fact, gained, lost }: ListChange, change: Change): Told[] {
  const words = LIST_WORDS[fact] ?? { has: `${fact}:`, gains: `${fact}: gains`, loses: `${fact}: loses` }
  if (change === 'added') {
    const widens = fact === 'allowedTools' && gained.some((tool) => CHANGING.has(tool))
    return [{ text: `${words.has} ${gained.join(', ')}`, widens }]
  }
  if (gained.length + lost.length === 0) return [{ text: `${fact}: in another order`, widens: false }]
  const told: Told[] = []
  if (gained.length > 0) {
    told.push({ text: `${words.gains} ${gained.join(', ')}`, widens: fact === 'allowedTools' })
  }
  if (lost.length > 0) {
    told.push({ text: `${words.loses} ${lost.join(', ')}`, widens: fact === 'disallowedTools' })
  }
  return told
}

/** `+3 −1` lines, or bytes for what is no text. */
export function tellSize({ hunks, sizeBefore, sizeAfter }: FileChange): string {
  if (hunks === null) return `${sizeBefore} → ${sizeAfter} bytes`
  const lines = hunks.flatMap((hunk) => hunk.lines)
  const count = (mark: string) => lines.filter((line) => line.startsWith(mark)).length
  return `+${count('+')} −${count('-')}`
}

/** How long the texts of an item are, and how much longer than they were; empty when they are as long. */
export function tellTokens({ change, tokensBefore, tokensAfter }: ItemChange): string {
  if (change === 'added') return tokensAfter === 0 ? '' : `≈ ${tokensAfter} tokens`
  const difference = tokensAfter - tokensBefore
  if (change === 'removed' || difference === 0) return ''
  return `≈ ${tokensAfter} tokens (${difference > 0 ? '+' : '−'}${Math.abs(difference)})`
}

/** How many things were added, removed and changed. */
export function tellCounts(surfaces: readonly SurfaceChange[]): string {
  const items = surfaces.flatMap((surface) => surface.items)
  const counts = (['added', 'removed', 'changed'] as const)
    .map((change) => [items.filter((item) => item.change === change).length, change] as const)
    .filter(([count]) => count > 0)
  return counts.map(([count, change]) => `${count} ${change}`).join(', ')
}

/** Why there is nothing to tell. */
export function tellNothing({ before, after }: ReleaseDiff): string {
  return before.release === after.release
    ? 'the same release'
    : 'no thing differs, only the order or the packing of things does'
}

/** One side, with what it must be known for. */
export function tellSide({ name, release, errors }: Side): string {
  const id = release === null ? 'nothing that can be served' : `release ${release.slice(0, 12)}`
  const broken = errors === 0 ? '' : `, ${errors} error${errors === 1 ? '' : 's'}: what is broken is left out`
  return `${name} (${id}${broken})`
}

/** Hunks as the lines of a unified diff. */
export function patchLines({ hunks }: FileChange): string[] {
  return (hunks ?? []).flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ])
}

/** Patches that say what another one has said before: one rule in a hundred skills is told once. By file, where it was told. */
export function repetitions(surfaces: readonly SurfaceChange[]): ReadonlyMap<FileChange, string> {
  const first = new Map<string, string>()
  const repeated = new Map<FileChange, string>()
  for (const { items } of surfaces) {
    for (const { name, files } of items.filter(({ change }) => change === 'changed')) {
      for (const file of files.filter(({ change, hunks }) => change === 'changed' && hunks !== null)) {
        const edits = patchLines(file).filter((line) => /^[-+]/.test(line))
        const before = first.get(edits.join('\n'))
        if (before === undefined) first.set(edits.join('\n'), `${name}/${file.path}`)
        else repeated.set(file, before)
      }
    }
  }
  return repeated
}
