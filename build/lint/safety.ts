import type { Text } from '../text.ts'
import type { Tell } from './rule.ts'
import { type Scanner, type Suspect, type Suspicion, scanner } from './scan.ts'
import type { Subject, Unit } from './subject.ts'

/** How one kind of danger is found and told. */
export interface Danger {
  readonly find: (text: string) => readonly Suspicion[]
  readonly message: (suspect: Suspect) => string
}

/**
 * Tells a danger in every file of the tree and in every text that clients will read: whatever a text was put
 * together from, what it came to is looked at. What is waived in a source is waived in what was made of it.
 */
export function checkSafety(subject: Subject, danger: Danger, tell: Tell): void {
  const scan = scanner(danger.find)
  const inSources = [...subject.sources.values()].flatMap((source) =>
    scan.whole(source.text).map((suspect) => ({ source, suspect })),
  )
  const known = new Map(inSources.map(({ suspect }) => [suspect.digest, suspect]))
  const sightings = subject.units.flatMap((unit) =>
    textsOf(unit).flatMap(([path, text]) => {
      const handedOn = [...known.values()].filter(({ evidence }) => text.includes(evidence))
      const suspects = [...handedOn, ...suspectsIn(unit, path, { text, scan })]
      return suspects.map((suspect) => ({ unit, path, suspect }))
    }),
  )
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

/** What others wrote is read whole; what was made from sources, only where it differs from them. */
function suspectsIn(
  unit: Unit,
  path: string,
  { text, scan }: { readonly text: string; readonly scan: Scanner },
): readonly Suspect[] {
  return unit.carried.has(path) ? scan.whole(text) : scan.novel(text)
}

function placeOf(source: Text, { offset }: Suspicion) {
  return { path: source.path, ...source.positionOf(offset) }
}

function howToWaive({ digest }: Suspect) {
  return { description: `If it may stand, waive it in waivers.yaml with the digest ${digest}` }
}
