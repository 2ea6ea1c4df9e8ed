import { discover } from './discover.ts'
import { discoverExamples } from './example/discover.ts'
import type { Documents } from './fetch/document.ts'
import { type FetchTreeOptions, fetchTree, withDocuments } from './fetch/fetch-tree.ts'
import type { SourceTree } from './release.ts'
import { bundleScripts } from './scripts.ts'

/**
 * Reads a content root and all that stands around it: the example apps that it names, and its scripts,
 * bundled. What comes back is all that a build needs to know of the world.
 */
export async function gather(dir: string): Promise<SourceTree> {
  const tree = discoverExamples(dir, await discover(dir))
  return { ...tree, scripts: await bundleScripts(tree.files) }
}

/** The same, and every document that the tree refers to: nothing of a build is left to find out. */
export async function gatherAndFetch(
  dir: string,
  options: Omit<FetchTreeOptions, 'root'>,
): Promise<{ readonly tree: SourceTree; readonly documents: Documents }> {
  const tree = await gather(dir)
  const documents = await fetchTree(tree, { ...options, root: dir })
  return { tree: withDocuments(tree, documents), documents }
}
