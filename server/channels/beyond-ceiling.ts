import { treeError } from '../../build/finding.ts'
import type { ToolCeiling } from '../../build/release.ts'
import { tellBeyond, toolBeyond } from '../../build/release-tools.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import type { Published } from './channel.ts'

/**
 * The finding for a pin that its channel may not answer with, since it gives what the ceiling forbids; undefined for
 * one that may stay. What is not pinned was built under the ceiling.
 */
export function beyondCeiling(
  published: Published,
  ceiling: ToolCeiling | undefined,
): Diagnostic | undefined {
  return published.pin === undefined ? undefined : refusalOf(published, ceiling)
}

/** Code of the finding that a channel does not answer with what somebody would have it answer with. */
export const REFUSED = 'ceiling/pin'

/** The finding for a release that its channel may not answer with, whether it is pinned to it or not; undefined for one that it may. */
export function refusalOf(
  { pin, release: { release } }: Published,
  ceiling: ToolCeiling | undefined,
): Diagnostic | undefined {
  if (ceiling === undefined) return undefined
  const { channel, tools } = ceiling
  const named = toolBeyond(release, tools)
  if (named === undefined) return undefined
  const [pinned, wayOut] = pin ? [', which it is pinned to', `; mill unpin ${channel} lets it go`] : ['', '']
  const message = `Cannot answer channel "${channel}" with release ${release.id}${pinned}: ${tellBeyond(named, tools)}${wayOut}`
  return treeError({ code: REFUSED, message })
}
