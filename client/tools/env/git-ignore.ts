import { execFile } from 'node:child_process'
import { lstat, readFile } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { commandEnvironment } from '../files/config.ts'
import { PathRefusedError, type Place, placeInside } from '../files/inside.ts'
import { oneAtATime } from '../files/one-at-a-time.ts'

/** Whether git could come to hold a file. */
export type Exposure = 'no-repository' | 'ignored' | 'newly-ignored'

/**
 * Makes sure that git leaves a file alone, with a line in the `.gitignore` beside it where that is needed.
 * @throws PathRefusedError when git holds the file all the same, or cannot be asked
 */
export async function keepFromGit(app: string, place: Place): Promise<Exposure> {
  if (!(await isInRepository(dirname(place.path)))) return 'no-repository'
  if (await isIgnored(place)) return 'ignored'
  await ignore(app, place)
  if (await isIgnored(place)) return 'newly-ignored'
  throw new PathRefusedError(`Cannot write "${place.asked}": git tracks it, so its values would be committed`)
}

async function isInRepository(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (await lstat(join(at, '.git')).catch(() => undefined)) return true
    if (dirname(at) === at) return false
  }
}

function isIgnored({ path, asked }: Place): Promise<boolean> {
  const cwd = dirname(path)
  const env = commandEnvironment(cwd)
  // A hook of the repository could run otherwise.
  const args = ['-c', 'core.fsmonitor=false', 'check-ignore', '--quiet', '--', basename(path)]
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd, env, timeout: 10_000 }, (error) => {
      if (error === null) return resolve(true)
      if (error.code === 1) return resolve(false)
      const message = `Cannot write "${asked}": git could not be asked whether it would commit it`
      return reject(new PathRefusedError(message, { cause: error }))
    })
  })
}

async function ignore(app: string, { path, asked }: Place): Promise<void> {
  const rules = await placeInside(app, posix.join(posix.dirname(asked), '.gitignore'))
  if (rules.asked !== rules.relative) {
    throw new PathRefusedError(`Cannot write "${asked}": git would commit it, and ".gitignore" is a link`)
  }
  await oneAtATime(rules.path, async () => {
    const before = await readFile(rules.path, 'utf8').catch(() => '')
    const gap = before === '' || before.endsWith('\n') ? '' : '\n'
    await writeFileAtomic(rules.path, `${before}${gap}/${basename(path)}\n`)
  })
}
