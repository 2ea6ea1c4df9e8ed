/** What the address of a server names: a channel of it, a release of it, or neither. */
export interface Place {
  /** Address of the server itself, without a slash at its end. */
  readonly site: string
  readonly channel?: string | undefined
  readonly release?: string | undefined
}

/** Reads an address such as `http://localhost:8765/channels/main`. */
export function placeOf(base: string): Place {
  const bare = base.replace(/\/+$/, '')
  const [, site = bare, channel, release] =
    /^(.*)\/(?:channels\/([a-z0-9-]{1,80})|v\/([0-9a-f]{64}))$/.exec(bare) ?? []
  return { site: site.replace(/\/+$/, ''), channel, release }
}

/** What to name instead of an address where no menu is. */
export function wanted(base: string): string {
  return `Expected the address of a mill server, or of a channel that ${placeOf(base).site}/channels lists`
}
