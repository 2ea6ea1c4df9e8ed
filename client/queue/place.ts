import type { TaskSpec } from '../../schemas/run-event.ts'

/** Type, inputs and place in the graph as one text: equal for tasks that would do the same work. */
export function placeOf(spec: Pick<TaskSpec, 'type' | 'inputs' | 'dependsOn'>): string {
  return JSON.stringify([spec.type, spec.inputs, [...spec.dependsOn].sort()], (_, value) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  )
}

/** Twenty bits of FNV-1a: enough to find candidates, never to tell them apart. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 12) & 0xfffff
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
