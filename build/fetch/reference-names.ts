import { digestOf } from '../../schemas/digest.ts'

const EXTENSION = /\.md$/i
const MAX_LENGTH = 100
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i
const GENERATED = /^EXAMPLE-.*\.md$/
const ALWAYS_TAKEN = ['COMMANDMENTS.md', 'EXAMPLE.md']

/**
 * The file name below `references/` of each document of one skill: its last path segment and `.md`. Documents that
 * would get one name, or one that is `taken`, are all renamed by as much of their path as tells them apart.
 */
export function referenceNames(
  urls: readonly string[],
  taken: Iterable<string>,
): ReadonlyMap<string, string> {
  const closed = new Set([...ALWAYS_TAKEN, ...taken].map(folded))
  const depths = new Map(urls.map((url) => [url, 1]))
  for (;;) {
    const names = new Map([...depths].map(([url, depth]) => [url, nameAt(url, depth)]))
    const sharing = Map.groupBy(names.keys(), (url) => folded(names.get(url) ?? ''))
    const clashing = [...sharing].flatMap(([name, group]) => {
      return group.length > 1 || closed.has(name) || GENERATED.test(names.get(group[0] ?? '') ?? '')
        ? group
        : []
    })
    if (clashing.length === 0) return names
    for (const url of clashing) depths.set(url, (depths.get(url) ?? 1) + 1)
  }
}

/** The name made of the last `depth` parts of an address; when there are no more, ever more of its digest follows. */
function nameAt(url: string, depth: number): string {
  const parts = partsOf(url)
  const beyond = depth - parts.length
  const suffix = beyond <= 0 ? '' : suffixOf(url, beyond)
  const stem = parts
    .slice(-depth)
    .join('-')
    .slice(-(MAX_LENGTH - suffix.length))
    .replace(/^[-._]+/, '')
  const name = `${stem || 'document'}${suffix}.md`
  // Where the path has no more to add, the beginning has to change.
  return DEVICE.test(name) || (beyond > 0 && GENERATED.test(name)) ? `doc-${name}` : name
}

function suffixOf(url: string, beyond: number): string {
  const digest = digestOf(url)
  const shown = 7 + beyond
  return shown <= digest.length ? `-${digest.slice(0, shown)}` : `-${digest}-${shown}`
}

/** Host and path segments, each made of what every file system and link carries; the last without `.md`. */
function partsOf(url: string): string[] {
  const remote = /^https?:/i.test(url) ? URL.parse(url) : null
  const segments =
    remote === null ? url.replace(/^file:/i, '').split('/') : [remote.host, ...remote.pathname.split('/')]
  const named = segments.filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
  const last = named.at(-1)?.replace(EXTENSION, '') ?? ''
  return [...named.slice(0, -1), last].map(safe).filter((part) => part !== '')
}

function safe(segment: string): string {
  let readable = segment
  try {
    readable = decodeURIComponent(segment)
  } catch {
    // A lone "%" stands for itself.
  }
  return readable
    .normalize('NFC')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-.]+$/g, '')
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
