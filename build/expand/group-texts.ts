import type { GroupDocument, ReferenceDocument } from '../documents.ts'
import type { Reference } from '../expanded.ts'
import { type Report, watched } from '../finding.ts'
import { headingOf } from '../heading.ts'
import type { Markdown } from '../library.ts'
import type { Stage } from '../memo.ts'
import type { GroupTexts, PartialSources } from '../sources.ts'
import { expandIncludes } from './partials.ts'
import { reportMisspelt } from './template.ts'

/** The templates and references of a group, each made once: its variants have the very same ones. */
export function openGroupTexts(
  group: GroupDocument,
  world: PartialSources & { readonly markdown: (path: string) => Markdown | undefined },
  { report, memo }: Stage,
): GroupTexts {
  const templates = new Map<string, string | undefined>()
  const expanded = (path: string) => {
    const markdown = world.markdown(path)
    return markdown && memo.asked(expandTemplate, markdown, { world, report })
  }
  let references: readonly Reference[] | 'broken' | undefined
  return {
    template: (path) => {
      if (!templates.has(path)) templates.set(path, expanded(path))
      return templates.get(path)
    },
    references: () => (references ??= memo.asked(expandReferences, group, { world, report })),
  }
}

function expandTemplate(markdown: Markdown, partials: PartialSources, report: Report): string | undefined {
  const own = watched(report)
  reportMisspelt(markdown, own.report)
  const text = expandIncludes(markdown, partials, own.report)
  return own.failed() ? undefined : text
}

function expandReferences(
  { references }: GroupDocument,
  partials: PartialSources,
  report: Report,
): readonly Reference[] | 'broken' {
  const expanded = references.map((reference) => expandReference(reference, partials, report))
  const sound = expanded.filter((reference) => reference !== undefined)
  return sound.length < references.length ? 'broken' : sound
}

function expandReference(
  { name, frontmatter, markdown }: ReferenceDocument,
  partials: PartialSources,
  report: Report,
): Reference | undefined {
  const body = expandIncludes(markdown, partials, report)
  if (body === undefined) return undefined
  return {
    name,
    title: frontmatter.title ?? headingOf(body) ?? name.replace(/\.md$/, ''),
    hasTitle: frontmatter.title !== undefined,
    description: frontmatter.description,
    nextStep: frontmatter.next_step,
    text: body === markdown.body ? markdown.text : markdown.text.slice(0, markdown.bodyOffset) + body,
    body,
  }
}
