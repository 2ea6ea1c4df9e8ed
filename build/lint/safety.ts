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
  const whole = (text: string) => subject.memo.of(suspectsIn, text, find)
  const knownFor = knownTexts(subject)
  const inSources = [...subject.sources.values()].flatMap((source) =>
    whole(source.text).map((suspect) => ({ source, suspect })),
  )
  const known = new Map(inSources.map(({ suspect }) => [suspect.digest, suspect]))
  const sightings = subject.units.flatMap((unit) =>
    textsOf(unit).flatMap(([path, text]) => {
      const handedOn = [...known.values()].filter(({ evidence }) => text.includes(evidence))
      const before = knownFor(unit, path)
      const own =
        before === undefined || before === text
          ? whole(text)
          : subject.memo.of(novelSuspects, text, before, find)
      const suspects = [...handedOn, ...own]
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

/**
 * The text that a served text is nearest to, of those that are read whole: its own source, or what the first skill of
 * the same group has in that place. Only where it differs from that is it looked at.
 */
function knownTexts({ units, sources }: Subject): (unit: Unit, path: string) => string | undefined {
  const firsts = new Map<string, Unit>()
  for (const unit of units) if (!firsts.has(unit.home)) firsts.set(unit.home, unit)
  return (unit, path) => {
    if (unit.carried.has(path)) return undefined
    const source = sources.get(unit.home.endsWith('/') ? unit.home + path : unit.home)
    return source?.text ?? firsts.get(unit.home)?.files.get(path)
  }
}

function placeOf(source: Text, { offset }: Suspicion) {
  return { path: source.path, ...source.positionOf(offset) }
}

function howToWaive({ digest }: Suspect) {
  return { description: `If it may stand, waive it in waivers.yaml with the digest ${digest}` }
}
