import { GitError } from '../../build/git/command.ts'
import type { Log } from '../http/log.ts'
import type { Request } from './coalesce.ts'

/** Tells why git cannot be asked, once for as long as it is the same. */
export function tellingGitErrors(refresh: Request, log: Pick<Log, 'warn'>): Request {
  let told: string | undefined
  return async () => {
    try {
      await refresh()
      told = undefined
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      if (error.complaint === told) return
      told = error.complaint
      log.warn(`Cannot read the branches: git says "${told}"; channels stay as they are`)
    }
  }
}
