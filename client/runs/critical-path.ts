import { dependenciesOf, type Queue, taskOf } from '../queue/queue.ts'
import type { Segment } from './segment.ts'

type Lines = ReadonlyMap<string, readonly Segment[]>

/**
 * The chain that the end of the run waited for: from the task that ended last, back over whatever released each
 * one last, to planning.
 */
export function criticalPath(lines: Lines, queue: Queue): ReadonlySet<string> {
  const path = new Set<string>()
  for (
    let id = latest([...lines.keys()], lines);
    id !== undefined && !path.has(id);
    id = before(id, lines, queue)
  ) {
    path.add(id)
  }
  return path
}

/** What released the task last: a dependency, or planning, which the sink waits for; else who queued it. */
function before(id: string, lines: Lines, queue: Queue): string | undefined {
  const task = taskOf(queue, id)
  if (task === undefined) return undefined
  const start = lines.get(id)?.find(({ kind }) => kind !== 'wait')?.from ?? 0
  const dependencies = dependenciesOf(queue, id)
  const isHeld = dependencies.length > 0 && (lastEnd('seed', lines) ?? Infinity) <= start
  const { enqueuedBy } = task.spec
  return (
    latest([...dependencies, ...(isHeld ? ['seed'] : [])], lines) ??
    (lines.has(enqueuedBy) ? enqueuedBy : undefined)
  )
}

/** Of those that have worked, the one that ended last. */
function latest(ids: readonly string[], lines: Lines): string | undefined {
  let best: { readonly id: string; readonly end: number } | undefined
  for (const id of ids) {
    const end = lastEnd(id, lines)
    if (end !== undefined && end > (best?.end ?? -1)) best = { id, end }
  }
  return best?.id
}

function lastEnd(id: string, lines: Lines): number | undefined {
  return lines.get(id)?.findLast(({ kind }) => kind !== 'wait')?.to
}
