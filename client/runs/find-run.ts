import { CommandError, EXIT } from '../../schemas/cli.ts'
import { listed } from '../queue/guards.ts'

/**
 * The id that a person means by the whole of it, by how it begins or ends, or by `last`; `ids` are oldest first.
 * @throws CommandError `runs/none`, `runs/unknown` or `runs/ambiguous`
 */
export function findRun(word: string, ids: readonly string[]): string {
  const newest = ids.at(-1)
  if (newest === undefined) throw refused('runs/none', `Cannot find run "${word}": there is no run here yet`)
  if (word === 'last') return newest
  if (ids.includes(word)) return word
  const found = ids.filter((id) => id.startsWith(word) || id.endsWith(`-${word}`))
  if (found.length === 1 && found[0] !== undefined) return found[0]
  if (found.length === 0) {
    throw refused(
      'runs/unknown',
      `Cannot find run "${word}": expected "last", or how one of these begins: ${listed([...ids].reverse())}`,
    )
  }
  throw refused(
    'runs/ambiguous',
    `Cannot tell which run "${word}" is: it may be ${listed([...found].reverse())}`,
  )
}

function refused(code: `runs/${string}`, message: string): CommandError {
  return new CommandError(code, message, { exit: EXIT.usage })
}
