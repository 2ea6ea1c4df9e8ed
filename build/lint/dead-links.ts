import { posix } from 'node:path'
import { didYouMean } from '../../schemas/suggest.ts'
import type { Place } from '../finding.ts'
import type { Memo } from '../memo.ts'
import type { Text } from '../text.ts'
import { anchors, type Outline, outline } from './outline.ts'
import type { Said } from './rule.ts'
import type { Subject, Unit } from './subject.ts'

/** A link in a served text that does not lead where it says. */
export interface DeadLink {
  readonly reason: 'missing' | 'anchor' | 'outside'
  /** As written. */
  readonly target: string
  readonly place: Place
  /** Everything that is served with it. */
  readonly units: readonly Unit[]
  readonly fix: Said['fix']
}

/**
 * Follows every relative link of every authored markdown text, as served: a link of a template has to hold in each
 * skill that is made from it. It is told where its author wrote it.
 */
export function deadLinks(subject: Subject): readonly DeadLink[] {
  const known = FOUND.get(subject) ?? follow(subject)
  FOUND.set(subject, known)
  return known
}

/** Several rules tell of what is found once. */
const FOUND = new WeakMap<Subject, readonly DeadLink[]>()

function follow({ units, sources, memo }: Subject): DeadLink[] {
  const outlineOf = (text: string) => memo.of(outline, text)
  const firsts = new Map<Text, ReadonlyMap<string, number>>()
  /** Targets of a file's links → offset of the first; a file of many links is walked once. */
  const firstOf = (source: Text): ReadonlyMap<string, number> => {
    const known = firsts.get(source) ?? firstLinks(outlineOf(source.text))
    firsts.set(source, known)
    return known
  }
  const found = new Map<string, DeadLink & { readonly units: Unit[] }>()
  for (const unit of units) {
    for (const { path, target, reason, fix } of memo.whole(problemsIn, unit)) {
      const place = placeOf(target, { unit, path, sources, firstOf })
      const key = `${reason} ${target} ${place.path}:${place.line}:${place.column}`
      const same = found.get(key)
      if (same === undefined) found.set(key, { reason, fix, target, place, units: [unit] })
      else if (same.units.at(-1) !== unit) same.units.push(unit)
    }
  }
  return [...found.values()]
}

function firstLinks({ links }: Outline): ReadonlyMap<string, number> {
  return new Map(links.toReversed().map(({ target, offset }) => [target, offset]))
}

/** A link of a unit that does not lead where it says. */
interface LostLink extends Problem {
  readonly path: string
  readonly target: string
}

/** What is wrong with links in the markdown that authors of this tree answer for. */
function problemsIn(memo: Memo, unit: Unit): readonly LostLink[] {
  const anchorsOf = (text: string) => memo.of(anchors, text)
  return [...unit.files]
    .filter(([path]) => path.endsWith('.md') && !unit.carried.has(path))
    .flatMap(([path, text]) =>
      [...new Set(memo.of(outline, text).links.map(({ target }) => target))].flatMap((target) => {
        const problem = problemOf(target, { unit, path, anchorsOf })
        return problem === undefined ? [] : [{ path, target, ...problem }]
      }),
    )
}

interface Context {
  readonly unit: Unit
  /** File of the unit that holds the link. */
  readonly path: string
  readonly anchorsOf: (text: string) => ReadonlySet<string>
}

type FirstOf = (source: Text) => ReadonlyMap<string, number>

type Problem = Pick<DeadLink, 'reason' | 'fix'>

/** Another scheme, another host, a path on a site: nothing that a skill carries. A brace is a blank to be filled in. */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/|\?|$)|[{}<>$]/i

function problemOf(target: string, { unit, path, anchorsOf }: Context): Problem | undefined {
  if (ELSEWHERE.test(target)) return undefined
  const [file = '', anchor] = target.replace(/\?[^#]*/, '').split('#', 2)
  const to = file === '' ? path : posix.join(posix.dirname(path), decoded(file))
  if (to.startsWith('../') || to === '..') return { reason: 'outside', fix: undefined }
  const text = unit.files.get(to)
  if (text === undefined) return isServed(unit, to) ? undefined : missing(to, path, unit)
  if (anchor === undefined || anchor === '' || !to.endsWith('.md')) return undefined
  const there = anchorsOf(text)
  const wanted = decoded(anchor)
  if (there.has(wanted) || there.has(wanted.toLowerCase())) return undefined
  return { reason: 'anchor', fix: didYouMean(wanted, there) }
}

/** A folder is served when a file in it is; so is a file that is no text. */
function isServed({ of, files }: Unit, path: string): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`
  const paths = of.kind === 'skill' ? [...of.owner.files.keys()] : [...files.keys()]
  return path === '.' || paths.some((other) => other === path || other.startsWith(folder))
}

function missing(to: string, from: string, { files, of }: Unit): Problem {
  if (of.kind === 'prompt' || of.kind === 'contract') return { reason: 'missing', fix: undefined }
  const near = didYouMean(to, files.keys())
  if (near?.replacement === undefined) return { reason: 'missing', fix: undefined }
  const replacement = posix.relative(posix.dirname(from), near.replacement)
  return { reason: 'missing', fix: { description: `Did you mean "${replacement}"?`, replacement } }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Where the link is written: in the file of that name, in another file of the skill, in a partial; or where the skill is. */
function placeOf(
  target: string,
  {
    unit,
    path,
    sources,
    firstOf,
  }: Pick<Context, 'unit' | 'path'> & Pick<Subject, 'sources'> & { readonly firstOf: FirstOf },
): Place {
  const own = unit.home.endsWith('/') ? `${unit.home}${path}` : unit.home
  const candidates = [
    own,
    ...[...sources.keys()].filter((other) => isNear(other, unit.home) && other !== own),
  ]
  for (const candidate of candidates) {
    const source = sources.get(candidate)
    if (source === undefined || !candidate.endsWith('.md')) continue
    const offset = firstOf(source).get(target)
    if (offset !== undefined) return { path: candidate, ...source.positionOf(offset) }
  }
  return unit.place
}

function isNear(path: string, home: string): boolean {
  return path.startsWith(home) || path.startsWith('shared/')
}
