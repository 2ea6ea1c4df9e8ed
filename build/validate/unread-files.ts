import type { Fix } from '../../schemas/diagnostic.ts'
import { closest, didYouMean } from '../../schemas/suggest.ts'
import { isNote } from '../content-path.ts'
import type { DocumentTree } from '../documents.ts'
import { quote, warningAt } from '../finding.ts'
import type { Stage } from '../memo.ts'
import { isReadByItsPlace, type ParsedTree, placeExpected } from '../parse.ts'
import { START } from '../position.ts'
import { isScriptEntry, isScriptSource } from '../scripts/paths.ts'
import { type Owner, ownersOf } from './owners.ts'
import { readingOf } from './reading.ts'

/** Tells every file that nobody reads, so that it is part of nothing that is served; of a whole folder it tells once. */
export function tellUnread(
  tree: ParsedTree,
  documents: Pick<DocumentTree, 'groups' | 'docs'>,
  { report, memo }: Stage,
): void {
  const { isNamed, unknown } = readingOf(tree, documents, memo)
  const ownerOf = ownersOf(tree)
  const isUnknown = (owner: Owner) => owner.dir !== undefined && unknown.has(owner.dir)
  const unread = tree.library.paths.flatMap((path) => {
    if (isReadByItsPlace(path) || isNote(path) || isNamed(path)) return []
    const [top] = path.split('/', 1)
    if (top !== 'skills') return fileOutsideSkills(path) ?? []
    const owner = ownerOf(path)
    return isUnknown(owner) ? [] : (fileOf(owner, path) ?? [])
  })
  for (const files of Map.groupBy(unread, ({ about }) => about).values()) {
    // What has been told of one file of a folder is what is wrong with the folder.
    if (files.some(({ path }) => placeExpected(tree.library, path) !== undefined)) continue
    const { path, message, fix } = files.find((file) => file.fix !== undefined) ?? (files[0] as Unread)
    report(warningAt({ path, ...START }, { code: 'validate/not-served', message, fix }))
  }
}

interface Unread {
  readonly path: string
  /** The file, or the folder that has one mistake for all its files. */
  readonly about: string
  readonly message: string
  readonly fix: Fix | undefined
}

function fileOf(owner: Owner, path: string): Unread | undefined {
  if (owner.kind === 'nobody') return fileOfNobody(owner.dir, path)
  const name = path.slice(owner.dir.length + 1)
  if (name.startsWith('scripts/')) {
    const unused = unusedScript(owner, path)
    if (unused !== undefined || owner.kind === 'skill') return unused
  }
  return owner.kind === 'skill' ? fileOfSkill(name, path) : fileOfGroup(name, path)
}

function fileOfSkill(name: string, path: string): Unread | undefined {
  if (/^(SKILL\.md$|references\/|assets\/)/.test(name)) return undefined
  const message = `Cannot serve ${quote(name)} with the skill: expected it in references/, scripts/ or assets/`
  return { path, about: path, message, fix: undefined }
}

function fileOfGroup(name: string, path: string): Unread | undefined {
  // Whatever lies in references/ is served, or told to be no reference.
  if (name.startsWith('references/')) return undefined
  const message = `Cannot serve ${quote(name)} with a group: expected a template that it names, references/*.md or scripts/*.ts`
  return { path, about: path, message, fix: undefined }
}

/** Scripts that are bundled are read by themselves or by one that imports them; a skill serves all others as they are. */
function unusedScript({ kind, dir = '' }: Owner, path: string): Unread | undefined {
  if (isScriptEntry(path, dir) || path.endsWith('.d.ts')) return undefined
  if (kind === 'skill' ? !isScriptSource(path) : !/\.(ts|mts|js|mjs|json)$/.test(path)) return undefined
  const message = `Cannot serve ${quote(path.slice(dir.length + 1))}: no script imports it, expected a script directly in scripts/ that does`
  return { path, about: path, message, fix: undefined }
}

function fileOfNobody(dir: string | undefined, path: string): Unread {
  if (dir === undefined) {
    const message = `Cannot serve ${quote(path)}: expected it in the folder of a skill or of a group`
    return { path, about: path, message, fix: undefined }
  }
  const name = path.slice(dir.length + 1)
  const message = `Cannot serve anything of ${quote(`${dir}/`)}: expected a SKILL.md or a config.yaml in it`
  return { path, about: dir, message, fix: didYouMean(name, ['SKILL.md', 'config.yaml']) }
}

function fileOutsideSkills(path: string): Unread | undefined {
  const [top = '', ...below] = path.split('/')
  if (below.length === 0) return undefined
  const place = PLACES.get(top)
  if (place === undefined) return fileElsewhere(top, path)
  const message = `Cannot read ${quote(path)}: expected ${place}`
  return { path, about: path, message, fix: withEnding(path) }
}

const PLACES = new Map([
  ['agents', 'agents/<flow>/<type>.md'],
  ['shared', 'shared/<name>.md'],
])

/** Any folder may lie beside the content; what is nearly content is not meant to be passed over. */
function fileElsewhere(top: string, path: string): Unread | undefined {
  const meant = closest(top, ['agents', 'skills', 'shared'])
  if (meant === undefined || !isReadByItsPlace(meant + path.slice(top.length))) return undefined
  const message = `Cannot serve anything of ${quote(`${top}/`)}: expected agents/, skills/ or shared/`
  return { path, about: top, message, fix: { description: `Did you mean "${meant}"?`, replacement: meant } }
}

function withEnding(path: string): Fix | undefined {
  const meant = path.replace(/\.(md|markdown|mdx|md\.txt)$/i, '.md')
  if (meant === path || !isReadByItsPlace(meant)) return undefined
  return { description: `Did you mean "${meant}"?`, replacement: meant }
}
