/** One build of a tree. */
export interface Build {
  readonly of: 'work-tree' | 'branch'
  readonly seconds: number
}

/** Makes something of a tree. */
type Make<Wanted, Made> = (wanted: Wanted) => Promise<Made>

/** What makes something of trees, and says each time how long the build took. */
export function tellingBuilds<Wanted, Made extends { readonly seconds?: number } | undefined>(
  of: Build['of'],
  make: Make<Wanted, Made>,
  tell: (build: Build) => void,
): Make<Wanted, Made> {
  return async (wanted) => {
    const made = await make(wanted)
    if (made?.seconds !== undefined) tell({ of, seconds: made.seconds })
    return made
  }
}
