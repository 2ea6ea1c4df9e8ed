import { onTestFinished } from 'vitest'
import { createBuilder } from '../../../build/builder.ts'
import { openRepository } from '../../../build/git/repository.ts'
import type { ChannelStatus } from '../../../schemas/channel.ts'
import { openBranchSource } from '../../../server/channels/branch-source.ts'
import { type Channel, statusOf } from '../../../server/channels/channel.ts'
import { type Channels, openChannels } from '../../../server/channels/channels.ts'
import { openStore, type Store } from '../../../server/store/store.ts'
import { scratch } from '../scratch.ts'

/** Channels of a repository without a server: nothing happens but by a call. */
export interface Followed extends Channels {
  readonly store: Store
  readonly warnings: readonly string[]
  /** Name and status of each channel that was replaced. */
  readonly told: readonly string[]
  /** Brings the branches up to date, and tells one channel. */
  readonly after: (name: string) => Promise<ChannelStatus | undefined>
  /** Text of a file that a channel answers with. */
  readonly text: (name: string, file: string) => string | undefined
}

export async function followed(content: string, dir = scratch(), keep = 20): Promise<Followed> {
  const store = await openStore({ dir, content, docsFrom: null, now: () => new Date(), keep })
  const warnings: string[] = []
  const told: string[] = []
  const found = await openRepository(content, { PATH: process.env.PATH, HOME: dir })
  if (found.repository === undefined) throw new Error(`no repository: ${found.problem}`)
  const { repository } = found
  onTestFinished(repository.close)
  const none = { byUrl: new Map(), diagnostics: [], notes: [], lock: undefined }
  const source = openBranchSource(repository, async () => none as never)
  const channels = openChannels({
    ...{ store, build: createBuilder().build, branches: async () => source },
    workTree: async () => undefined,
    onChange: ({ after: { name, status } }) => void told.push(`${name} ${status}`),
    ...{ onWarning: (sentence) => void warnings.push(sentence) },
  })
  const released = (channel: Channel | undefined) =>
    channel === undefined || channel.status === 'empty' ? undefined : channel.release
  return {
    ...channels,
    ...{ store, warnings, told },
    after: async (name) => {
      await channels.refreshBranches()
      const channel = channels.channel(name)
      return channel && statusOf(channel)
    },
    text: (name, file) => {
      const served = released(channels.channel(name))?.file(file, 'http://localhost:1')
      return served && Buffer.from(served.artifact.bytes).toString('utf8')
    },
  }
}
