/** Findings in the order of the text, none inside another. The sort is stable: of two that begin in one place the first given stands. */
export function withoutOverlaps<Finding extends { readonly offset: number; readonly length: number }>(
  found: readonly Finding[],
): Finding[] {
  let end = 0
  return [...found]
    .sort((a, b) => a.offset - b.offset)
    .filter((finding) => {
      const free = finding.offset >= end
      if (free) end = finding.offset + finding.length
      return free
    })
}
