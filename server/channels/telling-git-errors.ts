import { GitError } from '../../build/git/command.ts'
import type { Request } from '../coalesce.ts'

/** Tells why git cannot be asked, once for as long as it is the same. */
export function tellingGitErrors(refresh: Request, tell: (sentence: string) => void): Request {
  let told: string | undefined
  return async () => {
    try {
      await refresh()
      told = undefined
    } catch (error) {
      if (!(error instanceof GitError)) throw error
      if (error.complaint === told) return
      told = error.complaint
      tell(`Cannot read the branches: git says "${told}"; channels stay as they are`)
    }
  }
}
