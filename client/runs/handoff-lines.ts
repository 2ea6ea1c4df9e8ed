import type { Task } from '../queue/queue.ts'
import { plainText } from '../tui/text.ts'

/** What a task left for the next one, part by part; empty when it left nothing. */
export function handoffOf({ state }: Task): readonly (readonly [name: string, text: string])[] {
  const handoff = 'handoff' in state ? state.handoff : undefined
  if (handoff === undefined) return []
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['did', handoff.did],
    ['for the next', handoff.forNextAgent],
    ['files', handoff.filesTouched?.join(', ')],
    ['evidence', handoff.evidence],
    ['assumed', handoff.assumptions],
    ['conflict', handoff.conflict],
  ]
  return parts.flatMap(([name, text]) => (text ? [[name, plainText(text)] as const] : []))
}
