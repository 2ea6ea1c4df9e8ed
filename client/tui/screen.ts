import type { CliIo } from '../../schemas/cli.ts'
import { wallClock } from '../clock.ts'
import type { RunLimits } from '../execute/budget.ts'
import type { Face } from '../face.ts'
import { wantsColour } from './colour.ts'
import { jsonFace } from './json-lines.ts'
import type { RunTitle } from './title.ts'

export interface ScreenOptions {
  readonly json: boolean
  /** When the clock of the screen began; milliseconds since the epoch. */
  readonly launchedAt: number
  readonly limits: RunLimits
}

/** What fits where a run is looked at: a panel on a terminal, lines elsewhere. Each is loaded only when it is used. */
export async function screenFor(
  io: Pick<CliIo, 'stdout' | 'env'>,
  { json, launchedAt, limits }: ScreenOptions,
): Promise<(title: RunTitle) => Face> {
  const { stdout, env } = io
  if (json) return () => jsonFace(stdout)
  const seen = { launchedAt, limits, now: wallClock.now, colour: wantsColour(env, stdout.isTTY === true) }
  if (isTerminal(stdout) && hasPanel(io)) {
    const { panelFace } = await import('./panel.ts')
    return (title) => panelFace({ ...seen, stdout, title })
  }
  const { plainFace } = await import('./plain.ts')
  return (title) => plainFace({ ...seen, out: stdout, title })
}

/** True where a run has the whole screen, unless it is told as JSON. */
export function hasPanel({ stdout, env }: Pick<CliIo, 'stdout' | 'env'>): boolean {
  return isTerminal(stdout) && !env.CI && env.TERM !== 'dumb'
}

function isTerminal(stdout: CliIo['stdout']): stdout is NodeJS.WriteStream {
  return stdout.isTTY === true
}
