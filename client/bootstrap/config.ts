import { CommandError } from '../../schemas/cli.ts'

/** Folders of the user in which runs of any app keep what outlives them. */
export interface UserFolders {
  /** What must not be forgotten. */
  readonly state: string
  /** What can be had again. */
  readonly cache: string
}

/** By the XDG rules: `$XDG_STATE_HOME` and `$XDG_CACHE_HOME`, else `~/.local/state` and `~/.cache`. @throws {CommandError} `trust/memory` */
export function readUserFolders(env: Readonly<Record<string, string | undefined>>): UserFolders {
  const home = env.HOME || env.USERPROFILE
  const below = (absolute: string | undefined, usual: string) => {
    if (absolute?.startsWith('/')) return `${absolute}/mill`
    if (home) return `${home}/${usual}/mill`
    throw new CommandError(
      'trust/memory',
      'Cannot remember what a key has signed: expected HOME, or XDG_STATE_HOME and XDG_CACHE_HOME, in the environment',
    )
  }
  return {
    state: below(env.XDG_STATE_HOME, '.local/state'),
    cache: below(env.XDG_CACHE_HOME, '.cache'),
  }
}
