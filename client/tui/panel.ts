import { Box, render, Text } from 'ink'
import { createElement } from 'react'
import type { RunEvent } from '../../schemas/run-event.ts'
import type { RunLimits } from '../execute/budget.ts'
import type { Face } from '../face.ts'
import type { Asking } from './ask/asking.ts'
import { askingView } from './ask/asking-view.ts'
import { Keyboard } from './ask/keyboard.ts'
import type { PanelAsker } from './ask/panel-asker.ts'
import { act, launch, type Model, tick, update } from './model.ts'
import type { RunTitle } from './title.ts'
import { MAX_COLUMNS, view } from './view.ts'

export interface PanelFaceOptions {
  readonly stdout: NodeJS.WriteStream
  /** When the clock of the screen began; milliseconds since the epoch. */
  readonly launchedAt: number
  /** Milliseconds since the epoch, as in events. */
  readonly now: () => number
  readonly colour: boolean
  readonly title: RunTitle
  readonly limits: RunLimits
  /** Absent where nobody could answer. */
  readonly asking?: PanelAsking
}

/** Who asks by the panel, and where the answers are typed. */
export interface PanelAsking {
  readonly asker: PanelAsker
  readonly stdin: NodeJS.ReadStream
  /** Ctrl-C while a question is open. */
  readonly onInterrupt: () => void
}

/** The clock moves at least so often; milliseconds. */
const CLOCK_MS = 250
/** A burst of events is shown as one frame; milliseconds. */
const FRAME_MS = 30
/** The run keeps at least so many rows beside a question, as long as the question has as many. */
const KEPT_ROWS = 8
const CLEAR = '\u001B[2J\u001B[H'

/** The queue as a live screen. It has the whole terminal while the run lasts, and leaves its last frame behind. */
export function panelFace(options: PanelFaceOptions): Face {
  const { stdout, now, asking } = options
  let model: Model = launch(options.launchedAt)
  // One row stays free: a frame as high as the screen would scroll it.
  const size = () => ({ columns: stdout.columns || 80, rows: Math.max(4, (stdout.rows || 24) - 1) })
  const lines = () => {
    const open = asking?.asker.asking() ?? null
    return open === null ? view(model, { ...options, ...size() }) : withQuestion(open)
  }
  const withQuestion = (open: Asking) => {
    const { columns, rows } = size()
    const most = Math.max(rows - KEPT_ROWS, Math.ceil(rows / 2))
    const width = Math.min(columns, MAX_COLUMNS)
    const question = askingView(open, { columns: width, rows: most, colour: options.colour, now: now() })
    const above = view(model, { ...options, columns, rows: rows - question.length })
    const gap = Array.from({ length: rows - question.length - above.length }, () => '')
    return [...above, ...gap, ...question]
  }
  const frame = () =>
    createElement(
      Box,
      { flexDirection: 'column' },
      ...lines().map((line, key) => createElement(Text, { key, wrap: 'truncate' }, line || ' ')),
      asking?.asker.asking() ? createElement(Keyboard, { ...asking, onKey: asking.asker.press }) : null,
    )
  // Whoever asked for a panel has decided; the terminal alone says whether it can be redrawn.
  const interactive = stdout.isTTY === true
  const screen = render(createElement(Box), {
    ...{ stdout, interactive, alternateScreen: true, exitOnCtrlC: false, patchConsole: false },
    ...(asking && { stdin: asking.stdin }),
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
  asking?.asker.shownBy(soon)
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
