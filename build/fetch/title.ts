import { headingOf } from '../heading.ts'

/** What a markdown document calls itself: `title` of its frontmatter, else its first heading. */
export function titleOf(text: string): string | undefined {
  const lines = text.split('\n')
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  return (
    (end > 0 ? frontmatterTitle(lines.slice(1, end)) : undefined) ??
    headingOf(lines.slice(end + 1).join('\n'))
  )
}

function frontmatterTitle(lines: readonly string[]): string | undefined {
  const value = lines
    .find((line) => line.startsWith('title:'))
    ?.slice('title:'.length)
    .trim()
  return value?.replace(/^(["'])(.*)\1$/, '$2').trim() || undefined
}
