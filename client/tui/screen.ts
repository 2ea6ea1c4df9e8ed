import type { CliIo } from '../../schemas/cli.ts'
import { wallClock } from '../clock.ts'
import type { RunLimits } from '../execute/budget.ts'
import type { Face } from '../face.ts'
import type { Asker } from '../tools/ask/asker.ts'
import { terminalAsker } from '../tools/ask/terminal-asker.ts'
import { wantsColour } from './colour.ts'
import { jsonFace } from './json-lines.ts'
import type { RunTitle } from './title.ts'

export interface ScreenOptions {
  readonly json: boolean
  /** When the clock of the screen began; milliseconds since the epoch. */
  readonly launchedAt: number
  readonly limits: RunLimits
  /** Ctrl-C while an answer is typed, where the terminal does not tell it to the process. */
  readonly onInterrupt: () => void
}

/** Where a run is looked at, and by whom agents ask the person who looks. */
export interface Screen {
  readonly face: (title: RunTitle) => Face
  /** Absent where nobody could answer. */
  readonly asker?: Asker
}

type ScreenIo = Pick<CliIo, 'stdin' | 'stdout' | 'stderr' | 'env'>

/** What fits where a run is looked at: a panel on a terminal, lines elsewhere. Each is loaded only when it is used. */
export async function screenFor(io: ScreenIo, options: ScreenOptions): Promise<Screen> {
  const { stdout, env } = io
  const { json, launchedAt, limits } = options
  if (json) return { face: () => jsonFace(stdout), ...linesAsker(io, options) }
  const seen = { launchedAt, limits, now: wallClock.now, colour: wantsColour(env, stdout.isTTY === true) }
  if (isTerminal(stdout) && !env.CI && env.TERM !== 'dumb') {
    const { panelFace } = await import('./panel.ts')
    const { panelAsker } = await import('./ask/panel-asker.ts')
    const { stdin } = io
    if (!isKeyboard(stdin)) return { face: (title) => panelFace({ ...seen, stdout, title }) }
    const asking = { asker: panelAsker(seen.now), stdin, onInterrupt: options.onInterrupt }
    return { face: (title) => panelFace({ ...seen, stdout, title, asking }), asker: asking.asker }
  }
  const { plainFace } = await import('./plain.ts')
  return { face: (title) => plainFace({ ...seen, out: stdout, title }), ...linesAsker(io, options) }
}

/** A person is asked in lines where both ends are a terminal. */
function linesAsker(
  { stdin, stderr }: Pick<CliIo, 'stdin' | 'stderr'>,
  { onInterrupt }: Pick<ScreenOptions, 'onInterrupt'>,
): Pick<Screen, 'asker'> {
  if (!stdin?.isTTY || !stderr.isTTY) return {}
  return { asker: terminalAsker({ input: stdin, output: stderr, onInterrupt }) }
}

function isTerminal(stdout: CliIo['stdout']): stdout is NodeJS.WriteStream {
  return stdout.isTTY === true
}

function isKeyboard(stdin: CliIo['stdin']): stdin is NodeJS.ReadStream {
  return stdin?.isTTY === true
}
