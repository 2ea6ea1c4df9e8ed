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
  { pin, release: { release } }: Published,
  ceiling: ToolCeiling | undefined,
): Diagnostic | undefined {
  if (pin === undefined || ceiling === undefined) return undefined
  const { channel, tools } = ceiling
  const named = toolBeyond(release, tools)
  if (named === undefined) return undefined
  const message = `Cannot answer channel "${channel}" with release ${release.id}, which it is pinned to: ${tellBeyond(named, tools)}; mill unpin ${channel} lets it go`
  return treeError({ code: 'ceiling/pin', message })
}
