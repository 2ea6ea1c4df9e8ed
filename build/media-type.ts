/** Media type of a file of a release, by its name. */
export function mediaTypeOf(name: string): string {
  if (name.endsWith('.md')) return 'text/markdown'
  if (name.endsWith('.json')) return 'application/json'
  if (name.endsWith('.zip')) return 'application/zip'
  return 'text/plain'
}
