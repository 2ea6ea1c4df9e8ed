/** The files of a skill of this name, of which there are as many as asked for. */
export function skillFiles(id: string, count: number): ReadonlyMap<string, Uint8Array> {
  const paths = ['SKILL.md', ...Array.from({ length: count - 1 }, (_, at) => `references/${at}.md`)]
  return new Map(paths.map((path) => [path, Buffer.from(`# ${id} ${path}\n`.repeat(200))]))
}
