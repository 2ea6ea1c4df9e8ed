import { errorAt } from '../../build/finding.ts'
import { START } from '../../build/position.ts'
import type { ToolCeiling } from '../../build/release.ts'
import { toolBeyond } from '../../build/release-tools.ts'
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
  const named = pin && ceiling && toolBeyond(release, ceiling.tools)
  if (named === undefined) return undefined
  const { channel, tools } = ceiling ?? { channel: '', tools: [] }
  const message = `Cannot answer channel "${channel}" with release ${release.id}, which it is pinned to: its ${named.file} names the tool "${named.tool}", expected ${[...tools].join(', ') || 'no tool at all'}, as ceiling.yaml of the default branch allows; mill unpin ${channel} lets it go`
  return errorAt({ path: '', ...START }, { code: 'ceiling/pin', message })
}
