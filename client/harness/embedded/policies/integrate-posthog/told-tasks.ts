const PARTS = [
  'Goal',
  'Did',
  'For the next agent',
  'Files touched',
  'Evidence',
  'Assumptions',
  'Conflict',
  'Failed',
  'Not needed',
] as const
type Part = (typeof PARTS)[number]

/** A task as `read_handoffs` tells of it. */
export type Told = { readonly type: string; readonly status: string } & Partial<Record<Part, string>>

/** Reads the answer of `read_handoffs`: a heading for each task, below it a line for each part. */
export function toldTasks(text: string): readonly Told[] {
  const tasks: Told[] = []
  for (const block of text.split(/^(?=### t\d+ )/m)) {
    const heading = /^### t\d+ (\S+): .* \(([a-z-]+)\)$/m.exec(block)
    if (!heading) continue
    tasks.push({ type: heading[1] ?? '', status: heading[2] ?? '', ...partsOf(block) })
  }
  return tasks
}

function partsOf(block: string): Partial<Record<Part, string>> {
  const parts: Partial<Record<Part, string>> = {}
  for (const piece of block.split(/^- (?=[A-Z])/m).slice(1)) {
    const part = PARTS.find((known) => piece.startsWith(`${known}: `))
    if (part) parts[part] ??= piece.slice(part.length + 2).trim()
  }
  return parts
}
