import { discover } from './discover.ts'
import { discoverExamples } from './example/discover.ts'
import type { SourceTree } from './release.ts'
import { bundleScripts, type ScriptMemo } from './scripts.ts'

/**
 * Reads a content root and all that stands around it: the example apps that it names, and its scripts,
 * bundled. What comes back is all that a build needs to know of the world. A memo spares what has not changed.
 */
export async function gather(dir: string, memo?: ScriptMemo): Promise<SourceTree> {
  const tree = await discoverExamples(dir, await discover(dir))
  return { ...tree, scripts: await bundleScripts(tree.files, memo) }
}
