/** Files that are read or written at the same time. */
const LANES = 16

/** Does the same with each of many, some at a time; what comes out is in their order. The first failure ends it. */
export async function sideBySide<In, Out>(
  many: readonly In[],
  work: (one: In) => Promise<Out>,
): Promise<Out[]> {
  const done: Out[] = []
  const queue = many.entries()
  const lane = async () => {
    for (const [at, one] of queue) done[at] = await work(one)
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(LANES, many.length) }, lane))
  for (const end of lanes) if (end.status === 'rejected') throw end.reason
  return done
}
