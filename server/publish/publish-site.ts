import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChannelStatus, channelStatusSchema } from '../../schemas/channel.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'
import { openSiteFolder, releasesIn, type SiteFolder } from './site-folder.ts'
import type { SiteState } from './site-state.ts'
import {
  aliasesOf,
  movingPrefixes,
  type StaticChannel,
  type StaticSite,
  SUMS,
  staticParts,
} from './static-tree.ts'

/** What goes where. */
export interface SitePublication {
  /** Folder, absolute. */
  readonly dir: string
  readonly baseUrl: string
  /** Channel answered at `/`: one of `channels`, or one that the folder has already. */
  readonly root: string
  readonly channels: readonly StaticChannel[]
  /** Take releases away that no channel of the folder answers with. */
  readonly prune: boolean
}

/** What a publication changed. */
export interface SiteChange {
  readonly written: number
  readonly removed: number
}

/**
 * Brings a folder up to date with some channels; a reader, or a machine that loses power, finds the old pointer of each
 * channel with all it leads to, or the new one.
 *
 * @throws {CommandError} `publish/serial` for a channel that would step back, `publish/base-url` where others would be
 * left with another address.
 */
export async function publishSite(
  publication: SitePublication,
  before: SiteState | undefined,
): Promise<SiteChange> {
  const { dir, channels, prune } = publication
  for (const { status } of channels) refuseStepBack(status, before)
  await refuseOtherAddress(publication, before)
  const site = siteOf(publication, before)
  const folder = await openSiteFolder(dir)
  try {
    const [releases = [], artifacts = [], menus = [], sums = [], ...pointers] = staticParts(site)
    for (const part of [releases, artifacts, menus]) await folder.write(part)
    await removeOldNames(site, { folder, dir })
    for (const part of [sums, ...pointers]) await folder.write(part)
    if (prune) await removeOldReleases(site, { folder, dir })
  } finally {
    await folder.close()
  }
  return folder.counts
}

function siteOf({ baseUrl, root, channels }: SitePublication, before: SiteState | undefined): StaticSite {
  const states = new Map((before?.channels ?? []).map((status) => [status.channel, status]))
  for (const { status } of channels) states.set(status.channel, channelStatusSchema.parse(status))
  const sorted = [...states.values()].sort((a, b) => (a.channel < b.channel ? -1 : 1))
  const rootChannel = channels.find(({ status }) => status.channel === root)
  return { baseUrl, root: rootChannel, channels, list: { root, channels: sorted } }
}

function refuseStepBack({ channel, pointer }: ChannelStatus, before: SiteState | undefined): void {
  const there = before?.channels.find((status) => status.channel === channel)?.pointer?.serial
  if (pointer === null || there === undefined || pointer.serial >= there) return
  throw new CommandError(
    'publish/serial',
    `Cannot publish channel "${channel}" at serial ${pointer.serial}: the folder has serial ${there}, expected that or a higher one; mill pin goes back without stepping back`,
  )
}

/** Channels share releases, whose menus hold one address. */
async function refuseOtherAddress(
  { dir, baseUrl, channels }: SitePublication,
  before: SiteState | undefined,
): Promise<void> {
  const renewed = new Set(channels.map(({ status }) => status.channel))
  for (const { channel } of before?.channels ?? []) {
    if (renewed.has(channel)) continue
    const menu = await readFile(join(dir, 'channels', channel, 'agent-menu.json'), 'utf8').catch(() => '')
    const [, there = baseUrl] = /"releaseUrl": "([^"]*\/)v\/[0-9a-f]{64}\/"/.exec(menu) ?? []
    if (there === baseUrl) continue
    throw new CommandError(
      'publish/base-url',
      `Cannot publish for ${baseUrl}: channel "${channel}" of the folder is for ${there}, expected that address, or every channel of the folder at once`,
      { exit: EXIT.usage },
    )
  }
}

interface Writing {
  readonly folder: SiteFolder
  readonly dir: string
}

/** Files of the release before that this one does not have: no menu leads there, and the server would answer 404. */
async function removeOldNames(site: StaticSite, { folder, dir }: Writing): Promise<void> {
  for (const prefix of movingPrefixes(site)) {
    const sums = await readFile(join(dir, prefix, SUMS), 'utf8').catch(() => '')
    const channel =
      prefix === '' ? site.root : site.channels.find((one) => prefix === `channels/${one.status.channel}/`)
    const gone = sums.split('\n').flatMap((line) => {
      const [, name] = /^[0-9a-f]{64} {2}([A-Za-z0-9_][A-Za-z0-9._-]*)$/.exec(line) ?? []
      return name === undefined || MENUS.has(name) || channel?.release.artifacts.has(name) === true
        ? []
        : [name]
    })
    await folder.remove(gone.flatMap((name) => aliasesOf(prefix, name)))
  }
}

const MENUS: ReadonlySet<string> = new Set([
  'agent-menu.json',
  'manifest.json',
  'release-index.json',
  'skill-menu.json',
  'skills-mcp-resources.zip',
])

async function removeOldReleases({ list }: StaticSite, { folder, dir }: Writing): Promise<void> {
  const kept = new Set(list.channels.map(({ pointer }) => pointer?.release))
  const old = (await releasesIn(dir)).filter((id) => !kept.has(id))
  await folder.remove(old.map((id) => `v/${id}`))
}
