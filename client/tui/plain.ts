import type { Writable } from 'node:stream'
import type { RunEvent } from '../../schemas/run-event.ts'
import type { Face } from '../face.ts'
import { painter } from './colour.ts'
import { act, launch, type Model, update } from './model.ts'
import { heartbeat, plainLines, titleLine } from './plain-lines.ts'
import { duration } from './text.ts'
import type { RunTitle } from './title.ts'

export interface PlainFaceOptions {
  readonly out: Writable
  /** When the clock of the screen began; milliseconds since the epoch. */
  readonly launchedAt: number
  /** Milliseconds since the epoch, as in events. */
  readonly now: () => number
  readonly colour: boolean
  readonly title: RunTitle
  /** Longest silence; milliseconds. */
  readonly heartbeatMs?: number
}

/** Quiet lines for CI and pipes: one for each transition, and one when nothing was said for a while. */
export function plainFace(options: PlainFaceOptions): Face {
  const { out, now, heartbeatMs = 30_000 } = options
  const paint = painter(options.colour)
  let model: Model = launch(options.launchedAt)
  let saidAt = now()
  let broken = false
  const onError = () => {
    broken = true
  }
  const say = (line: string) => {
    saidAt = now()
    if (broken || !out.writable) return
    out.write(`${paint(duration(saidAt - model.launchedAt).padStart(6), 'dim')}  ${line}\n`)
  }
  out.on('error', onError)
  say(titleLine(options.title, paint))
  const timer = setInterval(
    () => {
      if (now() - saidAt >= heartbeatMs) say(heartbeat(model, now(), paint))
    },
    Math.max(10, heartbeatMs / 20),
  )
  timer.unref()
  return {
    onEvent(event: RunEvent) {
      const before = model
      model = update(before, event)
      for (const line of plainLines({ before, model, event }, paint)) say(line)
    },
    onActivity(id, event) {
      model = act(model, id, event)
    },
    onReplay(events) {
      model = events.reduce(update, model)
    },
    async close() {
      clearInterval(timer)
      if (!broken && out.writable) await new Promise<void>((resolve) => out.write('', () => resolve()))
      out.off('error', onError)
    },
  }
}
