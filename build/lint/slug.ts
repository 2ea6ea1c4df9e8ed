/** Makes the anchors of one document's headings, as hosts of markdown do; the same heading twice is told apart. */
export function slugger(): (heading: string) => string[] {
  const taken = new Map<string, number>()
  return (heading) => {
    const custom = /\{#([A-Za-z0-9_-]{1,100})\}[ \t]*$/.exec(heading)
    const slug = slugOf(custom === null ? heading : heading.slice(0, custom.index))
    const count = taken.get(slug) ?? 0
    taken.set(slug, count + 1)
    const own = count === 0 ? slug : `${slug}-${count}`
    return custom?.[1] === undefined ? [own] : [own, custom[1]]
  }
}

/** Marks that only style a heading are no part of its anchor. */
function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]{0,500})\]\([^()]{0,1000}\)/g, '$1')
    .replace(/<[^<>]{0,300}>/g, '')
    .replace(/(?<![\p{L}\p{N}_])_{1,2}(?=[^\s_])|(?<=[^\s_])_{1,2}(?![\p{L}\p{N}_])/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}
