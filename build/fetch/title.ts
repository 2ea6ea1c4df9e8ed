/** Lines of a document that are looked at for its title. */
const LOOKED_AT = 200

/** What a markdown document calls itself: `title` of its frontmatter, else its first heading. */
export function titleOf(text: string): string | undefined {
  const lines = text.split('\n', LOOKED_AT)
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1
  return (end > 0 ? frontmatterTitle(lines.slice(1, end)) : undefined) ?? heading(lines.slice(end + 1))
}

function frontmatterTitle(lines: readonly string[]): string | undefined {
  const value = lines
    .find((line) => line.startsWith('title:'))
    ?.slice('title:'.length)
    .trim()
  return value?.replace(/^(["'])(.*)\1$/, '$2').trim() || undefined
}

function heading(lines: readonly string[]): string | undefined {
  let fence: string | undefined
  for (const line of lines) {
    const mark = /^ {0,3}(```|~~~)/.exec(line)?.[1]
    if (mark !== undefined && (fence === undefined || fence === mark))
      fence = fence === undefined ? mark : undefined
    const title = fence === undefined ? /^ {0,3}#{1,6}[ \t]+(.*)$/.exec(line)?.[1] : undefined
    const plain = title?.replace(/[ \t]+#+[ \t]*$/, '').trim()
    if (plain) return plain
  }
  return undefined
}
