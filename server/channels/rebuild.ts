import { treeError } from '../../build/finding.ts'
import { withEncodings } from '../../build/publish.ts'
import type { BuildOutcome, SourceTree } from '../../build/release.ts'
import { type Diagnostic, hasErrors } from '../../schemas/diagnostic.ts'
import { ThreadEndedError } from '../source/thread.ts'
import { servedRelease } from '../store/served-release.ts'
import type { Store } from '../store/store.ts'
import { beyondCeiling } from './beyond-ceiling.ts'
import { type Channel, failed, live, type Published, publishedBy } from './channel.ts'

/** What a build came to, as far as a channel has to know. */
type Built = Pick<BuildOutcome, 'release' | 'diagnostics'>

/** What a channel is made from anew. */
export interface Rebuild {
  readonly build: (tree: SourceTree) => Built | Promise<Built>
  readonly store: Store
  readonly named: Pick<Channel, 'name' | 'branch' | 'rewound'>
  readonly tree: SourceTree
  /** What a release would be kept under, beside its channel. */
  readonly origin: {
    readonly commit: string | null
    readonly ceiling: string | null
    readonly branch?: string
    readonly tree?: string
  }
  /** The channel as it is now. */
  readonly current: Channel | undefined
}

/** Code of the finding that the store could not take a release. */
export const UNPUBLISHED = 'publish/failed'

/** Code of the finding that a build ended the thread it ran in. */
export const UNBUILT = 'build/died'

/** True for a finding that may be gone tomorrow although the commit is the same. */
export function isTransient({ code }: Diagnostic): boolean {
  return code === UNPUBLISHED || code === UNBUILT || code === 'git/unreadable'
}

/** Builds a tree, publishes it when it has no errors, and tells what the channel answers with from now on. */
export async function rebuilt(rebuild: Rebuild): Promise<Channel> {
  const { build, store, named, tree, origin } = rebuild
  const { release, diagnostics } = await survived(build, tree)
  const fallback = async (told: readonly Diagnostic[]) => {
    const { published, findings } = await lastGoodOf(rebuild)
    const soundPart =
      published === undefined && release !== undefined ? await withEncodings(release) : undefined
    const all = { ...named, diagnostics: [...told, ...findings] }
    return failed(all, published, soundPart && servedRelease(soundPart))
  }
  if (release === undefined || hasErrors(diagnostics)) return fallback(diagnostics)
  try {
    const published = await store.publish(release, { channel: named.name, ...origin })
    const refused = beyondCeiling(published, tree.ceiling)
    if (refused === undefined) return live({ ...named, diagnostics }, published)
    const own = await store.load(release.id)
    return failed({ ...named, diagnostics: [...diagnostics, refused] }, undefined, own)
  } catch (error) {
    const message = `Cannot publish to the store: ${reasonOf(error)}, expected a writable folder`
    return fallback([...diagnostics, treeError({ code: UNPUBLISHED, message })])
  }
}

interface LastGood {
  readonly published: Published | undefined
  readonly findings: readonly Diagnostic[]
}

/** What a channel may go on with when nothing new is published, and what there is to tell of that. */
async function lastGoodOf({ store, named, tree, origin, current }: Rebuild): Promise<LastGood> {
  const held = publishedBy(current)
  if (held !== undefined) return { published: held, findings: [] }
  const published = await store.lastGood(named.name, origin.ceiling)
  const refused = published && beyondCeiling(published, tree.ceiling)
  if (refused !== undefined) return { published: undefined, findings: [refused] }
  return { published, findings: published?.findings ?? [] }
}

/** A tree over which a thread dies is as good as a tree with an error. */
async function survived(build: Rebuild['build'], tree: SourceTree): Promise<Built> {
  try {
    return await build(tree)
  } catch (error) {
    if (!(error instanceof ThreadEndedError)) throw error
    return { release: undefined, diagnostics: [died(error)] }
  }
}

/** The finding for a thread that has died over a tree. */
export function died({ message }: ThreadEndedError): Diagnostic {
  return treeError({
    code: UNBUILT,
    message: `Cannot build this tree: the thread that does it was lost, ${message}; expected a build that ends`,
  })
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : String(error))
}
