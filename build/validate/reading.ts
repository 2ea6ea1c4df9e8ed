import { posix } from 'node:path'
import type { GroupDocument, WrittenDoc } from '../documents.ts'
import { addressOf } from '../fetch/address.ts'
import type { Memo } from '../memo.ts'
import type { ParsedTree } from '../parse.ts'
import { skillOfScript } from '../scripts/paths.ts'

/** Which files are read because another one names them. */
export interface Reading {
  readonly isNamed: (path: string) => boolean
  /** Folders of skills of which it is not known what they name. */
  readonly unknown: ReadonlySet<string>
}

const IMPORTABLE = /\/scripts\/.+\.(ts|mts|js|mjs|json)$/

/** Finds what groups, scripts, `docs.yaml` and the example apps of a tree name. */
export function readingOf(
  { groups: parsed, surroundings }: Pick<ParsedTree, 'groups' | 'surroundings'>,
  { groups, docs }: { readonly groups: readonly GroupDocument[]; readonly docs: readonly WrittenDoc[] },
  memo: Memo,
): Reading {
  const named = new Set([
    ...groups.flatMap((group) => memo.of(namedByGroup, group)),
    ...docs.flatMap(({ doc }) => doc.urls.flatMap((url) => localPaths(url, 'docs.yaml'))),
  ])
  const sound = new Set(
    groups.filter(({ whole, doubts }) => whole && doubts.size === 0).map(({ dir }) => dir),
  )
  const unknown = new Set(parsed.filter(({ dir }) => !sound.has(dir)).map(({ dir }) => dir))
  for (const [path, script] of surroundings.scripts ?? []) {
    if ('diagnostics' in script) unknown.add(skillOfScript(path) ?? path)
    else for (const source of script.sources) named.add(source)
  }
  // An example app may lie inside the content root; its path begins with the name of that folder.
  const apps = [...(surroundings.examples?.keys() ?? [])].map((app) => `${app.replace(/^[^/]*\//, '')}/`)
  const isNamed = (path: string) =>
    named.has(path) ||
    apps.some((app) => path.startsWith(app)) ||
    // Where nobody bundled, nobody knows what scripts import.
    (surroundings.scripts === undefined && IMPORTABLE.test(path))
  return { isNamed, unknown }
}

function namedByGroup({ dir, path, config, variants }: GroupDocument): string[] {
  const templates = [config.template, ...variants.map(({ variant }) => variant.template)]
  const documents = [config, ...variants.map(({ variant }) => variant)].flatMap((from) => [
    ...('docs_urls' in from ? (from.docs_urls ?? []) : []),
    ...(from.shared_docs ?? []),
  ])
  return [
    path,
    ...templates.flatMap((name) => (name === undefined ? [] : posix.join(dir, name))),
    ...documents.flatMap((url) => localPaths(url, path)),
  ]
}

function localPaths(written: string | { readonly url: string }, from: string): readonly string[] {
  const address = addressOf(typeof written === 'string' ? written : written.url, from)
  return address.kind === 'local' ? address.paths : []
}
