import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { visible } from '../../../schemas/hidden-text.ts'
import { MAX_EVENT_DIAGNOSTICS, type ServerEvent } from '../../../schemas/server-event.ts'
import type { ChannelChange } from '../../channels/board.ts'
import { type Channel, statusOf } from '../../channels/channel.ts'

/** What there is to tell of a change, in the order in which it came about. */
export function changeEvents({ before, after }: ChannelChange): readonly ServerEvent[] {
  const { name: channel, status, diagnostics } = after
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  const events: ServerEvent[] = [
    { type: 'build', channel, status, errors, warnings: diagnostics.length - errors },
  ]
  const pointer = pointerOf(after)
  if (pointer !== null && !isSame(pointer, before && pointerOf(before))) {
    events.push({ type: 'publish', channel, pointer })
  }
  if (!isSame(diagnostics, before?.diagnostics ?? [])) {
    const told = diagnostics.slice(0, MAX_EVENT_DIAGNOSTICS).map(visibleDiagnostic)
    events.push({ type: 'diagnostics', channel, total: diagnostics.length, diagnostics: told })
  }
  if (status !== before?.status || after.branch !== before.branch) {
    const branch = after.branch === null ? null : visible(after.branch)
    events.push({ type: 'channel', channel, branch, status })
  }
  return events
}

function pointerOf(channel: Channel) {
  return statusOf(channel).pointer
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function visibleDiagnostic(diagnostic: Diagnostic): Diagnostic {
  const { path, message, fix } = diagnostic
  const shown = { ...diagnostic, path: visible(path), message: visible(message) }
  if (fix === undefined) return shown
  const { description, replacement } = fix
  return {
    ...shown,
    fix: {
      description: visible(description),
      ...(replacement === undefined ? {} : { replacement: visible(replacement) }),
    },
  }
}
