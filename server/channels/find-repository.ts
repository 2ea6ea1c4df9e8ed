import { openRepository, type Repository } from '../../build/git/repository.ts'

export interface RepositorySearch {
  /** Content folder, absolute. */
  readonly content: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told once of each reason why git cannot open what is there. Must not throw. */
  readonly onWarning: (sentence: string) => void
}

/** Looks for the repository of a content folder, with each call until there is one: `git init` may come later. */
export function findRepository({
  content,
  env,
  onWarning,
}: RepositorySearch): () => Promise<Repository | undefined> {
  let repository: Repository | undefined
  let told: string | undefined
  return async () => {
    if (repository !== undefined) return repository
    const found = await openRepository(content, env)
    repository = found.repository
    if (found.repository !== undefined || found.problem === told) return repository
    told = found.problem
    if (told !== undefined) {
      onWarning(`Cannot read the git repository of "${content}": ${told}; only the channel dev is served`)
    }
    return undefined
  }
}
