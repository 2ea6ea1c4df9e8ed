import { CommandError, EXIT } from '../../schemas/cli.ts'
import { experimentListSchema } from '../../schemas/experiments.ts'
import { closest } from '../../schemas/suggest.ts'
import { fetchBytes } from '../bootstrap/fetch.ts'
import { parseMenu } from '../bootstrap/verify.ts'

export interface ArmsOf {
  readonly experiment: string
  /** The server, or one channel of it. */
  readonly base: string
  readonly signal: AbortSignal
}

/**
 * The channels of an experiment's arms, the control first.
 * @throws CommandError `compare/unknown-experiment`, or `run/…` when the server cannot be asked
 */
export async function armsOf({ experiment, base, signal }: ArmsOf): Promise<readonly string[]> {
  const url = `${base.replace(/\/(channels|v)\/[^/]+\/*$/, '').replace(/\/+$/, '')}/experiments`
  const { bytes } = await fetchBytes(url, { base, signal })
  const { experiments } = parseMenu(experimentListSchema, url, bytes)
  const found = experiments.find(({ name }) => name === experiment)
  if (found) return found.arms.map(({ channel }) => channel)
  const names = experiments.map(({ name }) => name)
  const meant = closest(experiment, names)
  const there = names.length === 0 ? 'the server has no experiments' : `expected one of ${names.join(', ')}`
  throw new CommandError(
    'compare/unknown-experiment',
    `Cannot compare the arms of "${experiment}": ${there}${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    { exit: EXIT.usage },
  )
}
