import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { channelsIn, namesIn, readChannel, readIfThere, writeChannel } from './channel-state.ts'
import type { Draft } from './draft.ts'
import type { Layout } from './layout.ts'
import { releasesOf, trimmed } from './record.ts'
import { sideBySide } from './side-by-side.ts'

/** Releases that a channel keeps when nobody says otherwise. */
export const KEEP = 20

/**
 * Forgets what channels no longer keep: releases that no record tells of, and objects that no release names. For the
 * holder of the lock. Records go first, so no channel ever tells of a release that was taken away.
 */
export async function sweep(layout: Layout, draft: Draft, keep: number): Promise<void> {
  const needed = new Set<string>()
  for (const channel of await channelsIn(layout.root)) {
    for (const id of await trimChannel(layout, draft, { channel, keep })) needed.add(id)
  }
  for (const name of await namesIn(layout.releases)) {
    if (!needed.has(name.replace(/\.json$/, ''))) await remove(layout.releases, name)
  }
  const named = await objectsNamedBy(layout, [...needed])
  await sideBySide(await namesIn(layout.objects), async (name) => {
    if (!named.has(name.replace(/\.(br|gz)$/, ''))) await remove(layout.objects, name)
  })
}

/** Whether a sweep is worth its while: a channel holds more than twice what it keeps. */
export function isOverfull(releases: number, keep: number): boolean {
  return releases > 2 * keep
}

/** Shortens the record of a channel, for the holder of the lock, and tells the releases that the channel needs. */
export async function trimChannel(
  layout: Layout,
  draft: Draft,
  { channel, keep }: { readonly channel: string; readonly keep: number },
): Promise<readonly string[]> {
  const state = await readChannel(layout.root, channel)
  const shorter = trimmed(state.record, keep)
  const record = shorter.entries.length < state.record.entries.length ? shorter : state.record
  await writeChannel(layout, state, { record, draft })
  return [...releasesOf(record), ...(record.pin === null ? [] : [record.pin.release])]
}

async function objectsNamedBy(layout: Layout, releases: readonly string[]): Promise<ReadonlySet<string>> {
  const named = new Set<string>()
  await sideBySide(releases, async (id) => {
    const text = (await readIfThere(layout.release(id))) ?? ''
    for (const [, digest = ''] of text.matchAll(/"digest": "([0-9a-f]{64})"/g)) named.add(digest)
  })
  return named
}

async function remove(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { recursive: true, force: true })
}
