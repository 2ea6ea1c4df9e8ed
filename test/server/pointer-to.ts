import type { ChannelPointer } from '../../schemas/channel.ts'

/** A pointer of which only the release matters, or what is said besides. */
export function pointerTo(release: string, others: Partial<ChannelPointer> = {}): ChannelPointer {
  const publishedAt = '2026-01-02T03:04:05Z'
  return { channel: 'dev', release, serial: 1, commit: null, publishedAt, ...others }
}
