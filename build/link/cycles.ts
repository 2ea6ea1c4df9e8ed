/**
 * The circles of a graph, each as the names along it with the first one repeated at the end. Of circles that
 * share a name one is given, and it begins at its first name in order.
 */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const found: string[][] = []
  for (const start of [...edges.keys()].sort()) {
    const cycle = done.has(start) ? undefined : cycleThrough(start, edges)
    if (cycle === undefined || cycle.some((name) => done.has(name))) continue
    for (const name of cycle) done.add(name)
    found.push([...cycle, start])
  }
  return found
}

/** A shortest way from a name back to itself, found breadth first. */
function cycleThrough(start: string, edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const name of queue) {
    for (const next of edges.get(name) ?? []) {
      if (next === start) return wayTo(name, cameFrom)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, name)
      queue.push(next)
    }
  }
  return undefined
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end]
  for (let name = cameFrom.get(end); name !== undefined; name = cameFrom.get(name)) way.unshift(name)
  return way
}
