import { Box, render, Text } from 'ink'
import { createElement } from 'react'
import type { RunEvent } from '../../schemas/run-event.ts'
import type { RunLimits } from '../execute/budget.ts'
import type { Face } from '../face.ts'
import { act, launch, type Model, tick, update } from './model.ts'
import type { RunTitle } from './title.ts'
import { view } from './view.ts'

export interface PanelFaceOptions {
  readonly stdout: NodeJS.WriteStream
  /** When the clock of the screen began; milliseconds since the epoch. */
  readonly launchedAt: number
  /** Milliseconds since the epoch, as in events. */
  readonly now: () => number
  readonly colour: boolean
  readonly title: RunTitle
  readonly limits: RunLimits
}

/** The clock moves at least so often; milliseconds. */
const CLOCK_MS = 250
/** A burst of events is shown as one frame; milliseconds. */
const FRAME_MS = 30
const CLEAR = '\u001B[2J\u001B[H'

/** The queue as a live screen. It has the whole terminal while the run lasts, and leaves its last frame behind. */
export function panelFace(options: PanelFaceOptions): Face {
  const { stdout, now } = options
  let model: Model = launch(options.launchedAt)
  const lines = () => {
    // One row stays free: a frame as high as the screen would scroll it.
    const size = { columns: stdout.columns || 80, rows: Math.max(4, (stdout.rows || 24) - 1) }
    return view(model, { ...options, ...size })
  }
  const frame = () =>
    createElement(
      Box,
      { flexDirection: 'column' },
      ...lines().map((line, key) => createElement(Text, { key, wrap: 'truncate' }, line || ' ')),
    )
  // Whoever asked for a panel has decided; the terminal alone says whether it can be redrawn.
  const interactive = stdout.isTTY === true
  const screen = render(createElement(Box), {
    ...{ stdout, interactive, alternateScreen: true, exitOnCtrlC: false, patchConsole: false },
  })
  // The cursor is where the shell left it.
  stdout.write(CLEAR)
  screen.rerender(frame())
  let due: NodeJS.Timeout | null = null
  const draw = () => {
    due = null
    if (model.queue.finished === null) model = tick(model, now())
    screen.rerender(frame())
  }
  const soon = () => {
    due ??= setTimeout(draw, FRAME_MS)
  }
  stdout.on('resize', soon)
  const clock = setInterval(draw, CLOCK_MS)
  return {
    onEvent(event: RunEvent) {
      model = update(model, event)
      soon()
    },
    onActivity(id, event) {
      model = act(model, id, event)
      soon()
    },
    onReplay(events) {
      model = events.reduce(update, model)
    },
    async close() {
      clearInterval(clock)
      if (due !== null) clearTimeout(due)
      stdout.off('resize', soon)
      screen.unmount()
      await screen.waitUntilExit()
      stdout.write(`${lines().join('\n')}\n`)
    },
  }
}
