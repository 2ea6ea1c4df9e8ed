/** What the page shows: all of it stands in the part of its address behind `#`. */
export type Address =
  | { readonly view: 'channels' }
  | { readonly view: 'compare'; readonly before: string; readonly after: string }
  | (OfChannel & { readonly view: 'overview' })
  | (OfChannel & { readonly view: 'findings' })
  | (OfChannel & { readonly view: 'install' })
  | (OfChannel & { readonly view: 'flow'; readonly flow: string })
  | (OfChannel & { readonly view: 'search'; readonly query: string })
  | (OfChannel & Text)

interface OfChannel {
  readonly channel: string
}

/** A text of a release: a prompt, a file of a skill, a document. */
export interface Text {
  readonly view: 'text'
  readonly kind: 'agent' | 'skill' | 'doc'
  readonly name: string
  /** Task type, file in a skill, or nothing. */
  readonly path: string
  /** As it is written, instead of rendered. */
  readonly raw: boolean
  /** Anchor in the rendered text that is gone to. */
  readonly at?: string | undefined
}

const KINDS = { agents: 'agent', skills: 'skill', docs: 'doc' } as const
const FOLDERS = { agent: 'agents', skill: 'skills', doc: 'docs' } as const

/** Reads an address; what means nothing is the list of channels. */
export function readAddress(hash: string): Address {
  const [route = '', options = ''] = hash.replace(/^#?\/?/, '').split('?')
  const [first, second = '', ...others] = route.split('/').filter(Boolean).map(decoded)
  if (first === 'compare') return { view: 'compare', before: second, after: others[0] ?? '' }
  if (first !== 'c' || second === '') return { view: 'channels' }
  return readView({ channel: second, parts: others, options: new URLSearchParams(options) })
}

interface Route extends OfChannel {
  readonly parts: readonly string[]
  readonly options: URLSearchParams
}

function readView({ channel, parts, options }: Route): Address {
  const [view = '', name = '', ...others] = parts
  if (view === 'findings' || view === 'install') return { channel, view }
  if (view === 'search') return { channel, view, query: options.get('q') ?? '' }
  if (view === 'flows' && name !== '') return { channel, view: 'flow', flow: name }
  const kind = Object.hasOwn(KINDS, view) ? KINDS[view as keyof typeof KINDS] : undefined
  if (kind === undefined || name === '') return { channel, view: 'overview' }
  const path = others.join('/') || (kind === 'skill' ? 'SKILL.md' : '')
  const at = options.get('at')
  return { channel, view: 'text', kind, name, path, raw: options.has('raw'), ...(at && { at }) }
}

/** Writes an address, as it stands in a link. */
export function addressOf(address: Address): string {
  if (address.view === 'channels') return '#/'
  if (address.view === 'compare') return `#${pathOf('compare', address.before, address.after)}`
  const root = `#${pathOf('c', address.channel)}`
  if (address.view === 'overview') return root
  if (address.view === 'findings' || address.view === 'install') return `${root}/${address.view}`
  if (address.view === 'flow') return `${root}${pathOf('flows', address.flow)}`
  if (address.view === 'search') return `${root}/search?${new URLSearchParams({ q: address.query })}`
  const { kind, name, path, raw, at } = address
  const file = kind === 'skill' && path === 'SKILL.md' ? [] : path.split('/')
  return `${root}${pathOf(FOLDERS[kind], name, ...file)}${formOf(raw, at)}`
}

function formOf(raw: boolean, at: string | undefined): string {
  if (raw) return '?raw'
  return at === undefined ? '' : `?${new URLSearchParams({ at })}`
}

/** The channel an address speaks of, if it speaks of one. */
export function channelOf(address: Address): string | undefined {
  return 'channel' in address ? address.channel : undefined
}

/** Path below `/catalog/releases/<release>/` of a text. */
export function textPath(form: 'raw' | 'rendered', { kind, name, path }: Text): string {
  return pathOf(form, kind, name, path)
}

function pathOf(...parts: readonly string[]): string {
  return parts
    .filter(Boolean)
    .map((part) => `/${encodeURIComponent(part)}`)
    .join('')
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
