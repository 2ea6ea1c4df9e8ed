import { posix } from 'node:path'
import { closest } from '../../schemas/suggest.ts'
import { errorAt, quote, type Report } from '../finding.ts'
import { fenceMark } from '../heading.ts'
import type { Markdown } from '../library.ts'
import type { GroupTexts, Sources } from '../sources.ts'
import { isInDoubt, type OwnedVariant } from './variants.ts'

/** What a template may ask for. */
const PLACEHOLDERS = ['display_name', 'references', 'commandments', 'workflow'] as const

/** The template of a variant with its includes in place, or null for a `docs-only` group; undefined after telling why not. */
export function templateOf(
  owned: OwnedVariant,
  sources: Pick<Sources, 'has'> & GroupTexts,
  report: Report,
): string | null | undefined {
  const { group, variant } = owned
  const name = variant.template ?? group.config.template
  const place =
    variant.template === undefined
      ? { path: group.path, ...group.yaml.valueAt(['template']) }
      : owned.place(['template'])
  if (name === undefined) {
    if (group.config.type === 'docs-only') return null
    if (isInDoubt(owned, 'template') || isInDoubt(owned, 'type')) return undefined
    const message = `Cannot build the group ${quote(group.key)} without a template: expected "template" or the type docs-only`
    report(errorAt(place, { code: 'expand/template', message }))
    return undefined
  }
  const path = posix.join(group.dir, name)
  if (!path.startsWith(`${group.dir}/`) || !sources.has(path)) {
    const message = `Cannot find the template ${quote(name)}: expected a file in ${group.dir}/`
    report(errorAt(place, { code: 'expand/template', message }))
    return undefined
  }
  return sources.template(path)
}

/** A word in braces that is nearly a placeholder would be served as it stands. Code may hold any braces. */
export function reportMisspelt(markdown: Markdown, report: Report): void {
  for (const { line, offset } of proseLines(markdown)) {
    for (const match of line.matchAll(/\{([a-z_-]{3,30})\}/gi)) {
      const word = match[1] ?? ''
      if (PLACEHOLDERS.some((known) => known === word)) continue
      const near = closest(word, PLACEHOLDERS)
      if (near === undefined) continue
      const place = { path: markdown.path, ...markdown.positionOf(offset + match.index) }
      const message = `Unknown placeholder ${quote(match[0])}: expected "{${near}}"`
      const fix = { description: `Did you mean "{${near}}"?`, replacement: `{${near}}` }
      report(errorAt(place, { code: 'expand/placeholder', message, fix }))
    }
  }
}

/** Lines that are neither in a code fence nor hold a code span. */
function proseLines(markdown: Markdown): { line: string; offset: number }[] {
  let offset = markdown.bodyOffset
  let fenced = false
  return markdown.body.split('\n').flatMap((line) => {
    const start = offset
    offset += line.length + 1
    if (fenceMark(line) !== undefined) fenced = !fenced
    return fenced || line.includes('`') ? [] : [{ line, offset: start }]
  })
}
