import { createBuilder } from '../../build/builder.ts'
import type { SourceTree } from '../../build/release.ts'
import type { WorkTree } from '../../server/source/work-tree.ts'

/** Makes a tree in this very thread, whenever it is asked. */
export function makeHere(read: () => Promise<SourceTree>): WorkTree['make'] {
  const { build } = createBuilder()
  return async () => {
    const tree = await read()
    return { ...build(tree), tree }
  }
}
