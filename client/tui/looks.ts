import type { Style } from './colour.ts'
import type { Standing } from './standing.ts'

interface Look {
  readonly glyph: string
  /** Says it without colour, too. */
  readonly word: string
  readonly styles: readonly Style[]
}

/** How each standing looks, in the order a reader cares for. */
export const LOOKS: Readonly<Record<Standing, Look>> = {
  running: { glyph: '▸', word: 'running', styles: ['cyan'] },
  done: { glyph: '✓', word: 'done', styles: ['green'] },
  'not-needed': { glyph: '–', word: 'not needed', styles: ['dim'] },
  failed: { glyph: '✗', word: 'failed', styles: ['red'] },
  cancelled: { glyph: '✗', word: 'cancelled', styles: ['yellow'] },
  blocked: { glyph: '■', word: 'blocked', styles: ['yellow'] },
  retry: { glyph: '↻', word: 'will retry', styles: ['yellow'] },
  ready: { glyph: '·', word: 'ready', styles: ['dim'] },
  waiting: { glyph: '·', word: 'waiting', styles: ['dim'] },
}

const SPINNER = ['◐', '◓', '◑', '◒'] as const

/** Turns as long as the clock moves. */
export function spinner(now: number): string {
  return SPINNER[Math.floor(now / 250) % SPINNER.length] ?? SPINNER[0]
}
