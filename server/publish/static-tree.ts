import { renderFaces } from '../../build/faces.ts'
import type { Release } from '../../build/release.ts'
import type { ChannelList, ChannelStatus } from '../../schemas/channel.ts'

/** A channel as a static host is to answer it. */
export interface StaticChannel {
  readonly status: ChannelStatus
  readonly release: Release
}

/** What a static host is to answer. */
export interface StaticSite {
  /** Address that the folder will answer at; ends with `/`. */
  readonly baseUrl: string
  /** Channel that `/` answers with; undefined leaves what is there. */
  readonly root: StaticChannel | undefined
  readonly channels: readonly StaticChannel[]
  /** States of every channel in the folder, those of earlier publications included. */
  readonly list: ChannelList
}

/** A file by its path in the folder. */
export interface StaticFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/** Files that may be written in any order, once all files of the parts before are there. */
export type Part = readonly StaticFile[]

/** The names that a file of a release answers under, as on the server. */
const ALIASES = ['', 'agents/', 'skills/'] as const

/** Tells which files a folder holds, by digest; last of its prefix, so that it never lists what is not there yet. */
export const SUMS = 'SHA256SUMS'
/** `GET /channels` as a file: no folder and file share a path, so both carry the ending of their type. */
export const CHANNEL_LIST = 'channels.json'

/** Folder of what `GET /channels/<name>` tells, and of the channels themselves. */
export const CHANNELS = 'channels'

/** Path of what `GET /channels/<name>` tells. */
export function statusPath(channel: string): string {
  return `${CHANNELS}/${channel}.json`
}

/**
 * The files of a static site, in the parts they have to be written in: what menus lead to, then menus, then lists of
 * digests, then pointers, then the list of channels.
 */
export function staticParts(site: StaticSite): Part[] {
  const releases = new Map(site.channels.map(({ release }) => [release.id, release]))
  const prefixes: (readonly [prefix: string, files: ReleaseFiles])[] = []
  for (const release of releases.values()) {
    const files = filesOf(release, site.baseUrl)
    prefixes.push([`v/${release.id}/`, files])
    for (const channel of site.channels) {
      if (channel.release.id === release.id) prefixes.push([`channels/${channel.status.channel}/`, files])
    }
    if (site.root?.release.id === release.id) prefixes.push(['', files])
  }
  const at = (kind: keyof ReleaseFiles, of: (prefix: string) => boolean) =>
    prefixes.filter(([prefix]) => of(prefix)).flatMap(([prefix, files]) => placed(prefix, files[kind]))
  const immutable = (prefix: string) => prefix.startsWith('v/')
  const moving = (prefix: string) => !immutable(prefix)
  return [
    [...at('artifacts', immutable), ...at('menus', immutable), ...at('sums', immutable)],
    at('artifacts', moving),
    at('menus', moving),
    at('sums', moving),
    site.channels.map(({ status }) => ({ path: statusPath(status.channel), bytes: json(status) })),
    [{ path: CHANNEL_LIST, bytes: json(site.list) }],
  ]
}

/** Prefixes that are written anew and whose files move from release to release. */
export function movingPrefixes(site: StaticSite): string[] {
  const own = site.channels.map(({ status }) => `channels/${status.channel}/`)
  return site.root === undefined ? own : ['', ...own]
}

/** Every path that a file has below a prefix. */
export function aliasesOf(prefix: string, name: string): string[] {
  return ALIASES.map((alias) => `${prefix}${alias}${name}`)
}

interface ReleaseFiles {
  readonly artifacts: readonly NamedFile[]
  readonly menus: readonly NamedFile[]
  readonly sums: readonly NamedFile[]
}

interface NamedFile {
  readonly name: string
  readonly bytes: Uint8Array
}

function filesOf(release: Release, baseUrl: string): ReleaseFiles {
  const faces = [...renderFaces(release, `${baseUrl}v/${release.id}/`).values()]
  return {
    artifacts: [...release.artifacts.values()],
    menus: faces.filter(({ name }) => name !== SUMS),
    sums: faces.filter(({ name }) => name === SUMS),
  }
}

function placed(prefix: string, files: readonly NamedFile[]): StaticFile[] {
  return files.flatMap(({ name, bytes }) => aliasesOf(prefix, name).map((path) => ({ path, bytes })))
}

/** As the server writes JSON. */
function json(value: ChannelList | ChannelStatus): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)
}
