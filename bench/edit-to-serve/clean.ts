import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBuilder } from '../../build/builder.ts'
import { fetchTree, withDocuments } from '../../build/fetch/fetch-tree.ts'
import { gather } from '../../build/gather.ts'
import { build } from '../../build/pipeline.ts'
import type { BuildOutcome, Release, SourceTree } from '../../build/release.ts'
import { openTreeReader } from '../../build/watch/tree-reader.ts'
import { openStore } from '../../server/store/store.ts'
import { prose } from '../build/documents.ts'
import { median } from '../figures.ts'
import type { Folders } from './dev-server.ts'

/** The release that a build makes which remembers nothing. */
export async function cleanRelease(folders: Pick<Folders, 'content' | 'cache'>): Promise<string> {
  return sound(build(await withTheirDocuments(await gather(folders.content), folders))).id
}

/** Milliseconds of each stage. */
export interface Stages {
  readonly look: number
  readonly build: number
  readonly publish: number
}

/** The stages of some edits, one by one; the first edit warms up. */
export async function stagesOf(folders: Folders, edit: (round: number) => Promise<void>): Promise<Stages> {
  const dir = await mkdtemp(join(tmpdir(), 'mill-bench-store-'))
  const store = await openStore({ dir, content: folders.content, docsFrom: null, now: () => new Date() })
  const reader = openTreeReader(folders.content)
  const builder = createBuilder()
  const times = { look: [] as number[], build: [] as number[], publish: [] as number[] }
  for (let round = 0; round < 5; round++) {
    await edit(round)
    const started = performance.now()
    const look = await reader.look()
    if ('refused' in look) throw look.refused
    const looked = performance.now()
    const tree = await withTheirDocuments(look.tree, folders)
    const complete = performance.now()
    const release = sound(builder.build(tree))
    const built = performance.now()
    await store.publish(release, { channel: 'dev', commit: null, ceiling: null })
    if (round === 0) continue
    times.look.push(looked - started)
    times.build.push(built - complete)
    times.publish.push(performance.now() - built)
  }
  await rm(dir, { recursive: true, force: true })
  return { look: median(times.look), build: median(times.build), publish: median(times.publish) }
}

async function withTheirDocuments(
  tree: SourceTree,
  { content, cache }: Pick<Folders, 'content' | 'cache'>,
): Promise<SourceTree> {
  return withDocuments(tree, await fetchTree(tree, { root: content, cache, offline: true }))
}

/** Fills a cache with every document that a tree refers to, as if the network had answered. */
export async function fillCache({ content, cache }: Pick<Folders, 'content' | 'cache'>): Promise<void> {
  const answer: typeof fetch = async (url) =>
    new Response(`${prose(String(url), 30)}\n`, { headers: { 'content-type': 'text/markdown' } })
  await fetchTree(await gather(content), { root: content, cache, fetch: answer })
}

function sound({ release, diagnostics }: BuildOutcome): Release {
  const error = diagnostics.find(({ severity }) => severity === 'error')
  if (release === undefined || error !== undefined)
    throw new Error(`the tree is not sound: ${JSON.stringify(error)}`)
  return release
}
