import type { CodeFrame } from '../../build/code-frame.ts'
import type { ChannelStatus } from '../../schemas/channel.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { type Channel, statusOf } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { MAX_FRAMES } from './frames.ts'

/** A channel as the catalog lists it: what it answers with, and how its last build went. */
export interface ChannelView extends Omit<ChannelStatus, 'diagnostics'> {
  /** What it answers with: the release of its pointer, or the sound part of a tree that was never without errors. */
  readonly release: string | null
  readonly errors: number
  readonly warnings: number
}

/** Every channel, and which one answers at `/`. */
export interface ChannelsView {
  readonly root: string
  readonly channels: readonly ChannelView[]
}

/** A finding of the last build, with the lines around it when they may be shown. */
export interface FindingView extends Diagnostic {
  readonly frame: CodeFrame | null
}

/** Findings of the last build of a channel; of very many the first. */
export interface FindingsView {
  readonly channel: string
  readonly errors: number
  readonly warnings: number
  readonly findings: readonly FindingView[]
}

/** Tells of every channel in one moment. */
export function channelsView(state: ServingState): ChannelsView {
  return { root: state.root, channels: state.channels().map(channelView) }
}

function channelView(channel: Channel): ChannelView {
  const { diagnostics, ...status } = statusOf(channel)
  const release = channel.status === 'empty' ? null : channel.release.id
  return { ...status, release, ...counts(diagnostics) }
}

/** Tells what the last build of a channel found. */
export function findingsView(
  { name, diagnostics }: Channel,
  frameOf: (diagnostic: Diagnostic) => CodeFrame | undefined,
): FindingsView {
  const findings = diagnostics.slice(0, MAX_FRAMES).map((diagnostic) => {
    return { ...diagnostic, frame: frameOf(diagnostic) ?? null }
  })
  return { channel: name, ...counts(diagnostics), findings }
}

function counts(diagnostics: readonly Diagnostic[]): { readonly errors: number; readonly warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: diagnostics.length - errors }
}
