import { referenceFrontmatterSchema } from '../../schemas/skill.ts'
import { didYouMean } from '../../schemas/suggest.ts'
import type { ReferenceDocument } from '../documents.ts'
import { EXCUSED, errorAt, type Finding, quote, type Report } from '../finding.ts'
import { compareNaturally } from '../natural-order.ts'
import type { ParsedGroup } from '../parse.ts'
import { START } from '../position.ts'
import { soundPart } from '../sound-part.ts'
import type { FileSources } from '../sources.ts'

const GENERATED = /^(COMMANDMENTS|EXAMPLE(-.*)?)\.md$/i

/** The reference files of a group in natural order; `whole` when none is broken. */
export interface References {
  readonly references: readonly ReferenceDocument[]
  readonly whole: boolean
}

/** Checks the reference files of a group by themselves. */
export function validateReferences(group: ParsedGroup, sources: FileSources, report: Report): References {
  const folder = `${group.dir}/references/`
  const names = sources.folder(`${group.dir}/references`).map((path) => path.slice(folder.length))
  const read = names
    .sort(compareNaturally)
    .map((name) => readReference(`${folder}${name}`, name, { sources, report }))
  const references = read.flatMap(({ reference }) => reference ?? [])
  checkSteps(references, names, report)
  return { references, whole: !read.some(({ isBroken }) => isBroken) }
}

interface World {
  readonly sources: FileSources
  readonly report: Report
}

function readReference(
  path: string,
  name: string,
  { sources, report }: World,
): { readonly reference?: ReferenceDocument; readonly isBroken: boolean } {
  const problem = nameProblem(name)
  if (problem !== undefined) {
    return { isBroken: report(errorAt({ path, ...START }, problem)) !== EXCUSED }
  }
  const markdown = sources.markdown(path)
  if (markdown === undefined) return { isBroken: true }
  const yaml = markdown.frontmatter
  if (yaml === undefined) return { reference: { name, frontmatter: {}, markdown }, isBroken: false }
  const sound = soundPart(referenceFrontmatterSchema, yaml, report)
  if (sound === undefined) return { isBroken: true }
  return { reference: { name, frontmatter: sound.value, markdown }, isBroken: !sound.isWhole }
}

function nameProblem(name: string): Finding | undefined {
  if (name.includes('/')) {
    const message = `Cannot serve ${quote(name)}: expected reference files directly in references/`
    return { code: 'validate/reference-place', message }
  }
  if (!name.endsWith('.md')) {
    const message = `Cannot serve ${quote(name)} as a reference: expected a file that ends in .md`
    return { code: 'validate/reference-place', message }
  }
  if (GENERATED.test(name)) {
    const message = `Cannot serve a reference ${quote(name)}: the build makes files of that name, expected another`
    return { code: 'validate/reference-name', message }
  }
  return undefined
}

function checkSteps(
  references: readonly ReferenceDocument[],
  names: readonly string[],
  report: Report,
): void {
  const next = new Map(references.map(({ name, frontmatter }) => [name, frontmatter.next_step]))
  const told = new Set<string>()
  for (const reference of references) {
    const target = next.get(reference.name)
    const { markdown } = reference
    if (target === undefined || target === null) continue
    const place = { path: markdown.path, ...(markdown.frontmatter?.valueAt(['next_step']) ?? START) }
    if (!names.includes(target)) {
      const message = `Cannot go on with ${quote(target)}: expected a file in references/`
      report(errorAt(place, { code: 'validate/next-step', message, fix: didYouMean(target, names) }))
      continue
    }
    const cycle = cycleFrom(reference.name, next)
    if (cycle === undefined || cycle.some((name) => told.has(name))) continue
    for (const name of cycle) told.add(name)
    const message = `Cannot go round in a circle: ${[...cycle, reference.name].join(' → ')}, expected a last step`
    report(errorAt(place, { code: 'validate/next-step', message }))
  }
}

/** The names from one step back to itself, if its chain leads there. */
function cycleFrom(
  start: string,
  next: ReadonlyMap<string, string | null | undefined>,
): string[] | undefined {
  const chain = [start]
  for (let at = next.get(start); at !== undefined && at !== null; at = next.get(at)) {
    if (at === start) return chain
    if (chain.includes(at)) return undefined
    chain.push(at)
  }
  return undefined
}
