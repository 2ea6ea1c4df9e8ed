import type { Memo } from '../memo.ts'
import type { Text } from '../text.ts'
import type { Tell } from './rule.ts'
import { type Find, novelSuspects, type Suspect, type Suspicion, suspectsIn } from './scan.ts'
import type { Subject, Unit } from './subject.ts'

/** How one kind of danger is found and told. */
export interface Danger {
  readonly find: Find
  readonly message: (suspect: Suspect) => string
}

/**
 * Tells a danger in every file of the tree and in every text that clients will read: whatever a text was put
 * together from, what it came to is looked at. What is waived in a source is waived in what was made of it.
 */
export function checkSafety(subject: Subject, danger: Danger, tell: Tell): void {
  const { find } = danger
  const { memo, units, sources } = subject
  const inSources = [...sources.values()].flatMap((source) =>
    memo.of(suspectsIn, source.text, find).map((suspect) => ({ source, suspect })),
  )
  const known = new Map(inSources.map(({ suspect }) => [suspect.digest, suspect]))
  const firsts = new Map(units.toReversed().map((unit) => [unit.home, unit]))
  const nearOf = nearTexts(sources, firsts)
  const sightings = units.flatMap((unit) => {
    const near = nearOf(unit.home).flatMap(([path, text]) => (unit.files.has(path) ? [path, text] : []))
    const own = memo.whole(sightingsIn, unit, firsts.get(unit.home), find, ...near)
    return known.size === 0 ? own : [...handedOn(unit, [...known.values()]), ...own]
  })
  const bySuspect = Map.groupBy(sightings, ({ suspect }) => suspect.digest)
  const said = (suspect: Suspect, message: string) => ({
    message,
    fix: howToWaive(suspect),
    units: [...new Set(bySuspect.get(suspect.digest)?.map(({ unit }) => unit))],
    evidence: suspect.evidence,
  })
  for (const { source, suspect } of inSources) {
    tell(placeOf(source, suspect), said(suspect, danger.message(suspect)))
  }
  for (const [digest, [first]] of bySuspect) {
    if (first === undefined || known.has(digest)) continue
    const { unit, path, suspect } = first
    const where = `it stands in ${path} as served with ${unit.name}`
    tell(unit.place, said(suspect, `${danger.message(suspect)}; ${where}`))
  }
}

function textsOf(unit: Unit): (readonly [path: string, text: string])[] {
  return [...unit.files, ...(unit.words === '' ? [] : [['the menu', unit.words] as const])]
}

/** A suspect as it will be served. */
interface Sighting {
  readonly unit: Unit
  readonly path: string
  readonly suspect: Suspect
}

function handedOn(unit: Unit, suspects: readonly Suspect[]): Sighting[] {
  return textsOf(unit).flatMap(([path, text]) =>
    suspects.filter(({ evidence }) => text.includes(evidence)).map((suspect) => ({ unit, path, suspect })),
  )
}

type NamedText = readonly [path: string, text: string]

/** The sources of each home, by the path at which a text that was made from one is served; they are read whole. */
function nearTexts(
  sources: Subject['sources'],
  homes: ReadonlyMap<string, unknown>,
): (home: string) => readonly NamedText[] {
  const near = new Map<string, NamedText[]>()
  for (const [path, { text }] of sources) {
    for (const end of [...path.matchAll(/\//g)].map(({ index }) => index + 1)) {
      const home = path.slice(0, end)
      if (!homes.has(home)) continue
      const others = near.get(home)
      if (others === undefined) near.set(home, [[path.slice(end), text]])
      else others.push([path.slice(end), text])
    }
  }
  return (home) => {
    const whole = sources.get(home)
    return whole === undefined ? (near.get(home) ?? []) : [[home, whole.text]]
  }
}

/**
 * What is found in the texts of a unit. A text that is like another which is read whole, its own source or what
 * the first unit of the same home has in that place, is looked at only where it differs.
 */
function sightingsIn(
  memo: Memo,
  ...[unit, first, find, ...near]: readonly [Unit, Unit | undefined, Find, ...string[]]
): readonly Sighting[] {
  const nearest = new Map(
    Array.from({ length: near.length / 2 }, (_, at) => [near[2 * at], near[2 * at + 1]]),
  )
  return textsOf(unit).flatMap(([path, text]) => {
    const known = unit.carried.has(path) ? undefined : (nearest.get(path) ?? first?.files.get(path))
    const suspects =
      known === undefined || known === text
        ? memo.of(suspectsIn, text, find)
        : memo.whole(novelSuspects, text, known, find)
    return suspects.map((suspect) => ({ unit, path, suspect }))
  })
}

function placeOf(source: Text, { offset }: Suspicion) {
  return { path: source.path, ...source.positionOf(offset) }
}

function howToWaive({ digest }: Suspect) {
  return { description: `If it may stand, waive it in waivers.yaml with the digest ${digest}` }
}
