import { join } from 'node:path'

/** Where copies of remote documents are kept unless `--cache` says otherwise: the user's cache folder, else `.mill` in `cwd`. */
export function defaultCache(env: Readonly<Record<string, string | undefined>>, cwd: string): string {
  const home = env.HOME ?? env.USERPROFILE
  const base = env.XDG_CACHE_HOME || env.LOCALAPPDATA || (home ? join(home, '.cache') : undefined)
  return base === undefined ? join(cwd, '.mill', 'documents') : join(base, 'context-mill', 'documents')
}
