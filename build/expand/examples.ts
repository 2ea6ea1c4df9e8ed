import { exampleNames } from '../example/names.ts'
import { type Example, examplePlace } from '../example/render.ts'
import { examplePathOf, examplePathsOf } from '../example/requests.ts'
import type { CarriedDocument } from '../expanded.ts'
import { errorAt, type Place, quote, type Report, warningAt } from '../finding.ts'
import type { Sources } from '../sources.ts'
import type { OwnedVariant } from './variants.ts'

/** The example apps of a variant, as the files that show them; undefined when one cannot be shown. */
export function carryExamples(
  owned: OwnedVariant,
  sources: Sources,
  report: Report,
): CarriedDocument[] | undefined {
  const { example_paths, display_name, id } = owned.variant
  const found = examplePathsOf(example_paths).map((written, at) => {
    const place = owned.place(typeof example_paths === 'string' ? ['example_paths'] : ['example_paths', at])
    return find({ written, place }, sources, report)
  })
  if (found.includes('missing')) return undefined
  const apps = found.filter((one) => typeof one === 'object')
  const names = exampleNames(apps.map(({ path }) => path))
  return [...new Map(apps.map((app) => [app.path, app])).values()].map(({ path, example }) => {
    for (const diagnostic of example.diagnostics) report(diagnostic)
    const text = titled(example, `# ${display_name ?? id}: example app`)
    const name = names.get(path) ?? 'EXAMPLE.md'
    const title = names.size === 1 ? 'Example app' : `Example app ${name.replace(/^EXAMPLE-|\.md$/g, '')}`
    return { name, origin: examplePlace(path), title, text }
  })
}

/** Titles that are remembered of an app: as many as show it at a time, not as many as were ever written. */
const MAX_TITLES = 16

/** What each app says below each title. */
const texts = new WeakMap<Example, Map<string, string>>()

/** The very same text for all who show an app below the same title: it is large, and each hashes it. */
function titled(example: Example, title: string): string {
  const byTitle = texts.get(example) ?? new Map<string, string>()
  texts.set(example, byTitle)
  const text = byTitle.get(title) ?? `${title}\n\n${example.text}`
  if (byTitle.size >= MAX_TITLES) byTitle.clear()
  byTitle.set(title, text)
  return text
}

interface App {
  readonly path: string
  readonly example: Example
}

interface Written {
  readonly written: string
  readonly place: Place
}

function find({ written, place }: Written, sources: Sources, report: Report): App | 'missing' | 'unread' {
  const path = examplePathOf(written)
  if (path === undefined) {
    const message = `Cannot look for an example app at ${quote(written)}: expected a path inside the folder that holds the content root`
    report(errorAt(place, { code: 'example/path', message }))
    return 'missing'
  }
  const example = sources.example(path)
  if (example === 'unread') {
    const message = `Cannot show the example app ${quote(written)}: it was not read for this build and is left out, expected a build that reads the folder beside the content`
    report(warningAt(place, { code: 'example/not-read', message }))
    return 'unread'
  }
  if (example !== 'missing') return { path, example }
  const message = `Cannot find the example app ${quote(written)}: expected a folder, no link, in the folder that holds the content root`
  report(errorAt(place, { code: 'example/not-found', message }))
  return 'missing'
}
