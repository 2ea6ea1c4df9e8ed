import { type ExecFileException, execFile } from 'node:child_process'

/** Where git runs, and with which environment. */
export interface GitPlace {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** A git command ended with something other than 0. */
export class GitError extends Error {
  override readonly name = 'GitError'
  /** What git wrote to stderr, first line. */
  readonly complaint: string

  constructor(complaint: string, cause: unknown) {
    super(`git: ${complaint}`, { cause })
    this.complaint = complaint
  }
}

/** Put in front of every command: objects are read as they are, and nothing configured in a repository is run. */
export const GIT_FLAGS: readonly string[] = ['--no-replace-objects', '-c', 'core.fsmonitor=false']

/**
 * The environment git gets: no `GIT_*` of the caller may point it elsewhere, its messages are in English, and it
 * neither asks a person nor fetches.
 */
export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const clean: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !name.startsWith('GIT_')) clean[name] = value
  }
  return { ...clean, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' }
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const TIMEOUT_MS = 30_000

/**
 * Runs one git command without a shell.
 *
 * @throws {GitError} when it ends with something other than 0.
 */
export function git(place: GitPlace, args: readonly string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      ...place,
      encoding: 'buffer',
      maxBuffer: MAX_OUTPUT_BYTES,
      timeout: TIMEOUT_MS,
    } as const
    const fail = (error: NodeJS.ErrnoException | ExecFileException, said = '') =>
      reject(new GitError(said === '' ? (error.code ?? error.message).toString() : said, error))
    try {
      execFile('git', [...GIT_FLAGS, ...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else fail(error, stderr.toString('utf8').trim().split('\n')[0])
      })
    } catch (error) {
      // What cannot even be started, such as in a file for a folder, is thrown.
      fail(error as NodeJS.ErrnoException)
    }
  })
}
