import type { Experiments } from '../experiments/experiments.ts'
import type { ServedRelease } from '../store/served-release.ts'
import type { Channel } from './channel.ts'

/** All that routes may see: each call answers for one moment, so a route asks once per request. */
export interface ServingState {
  /** The channel answered at `/`. */
  readonly root: string
  readonly channel: (name: string) => Channel | undefined
  readonly channels: () => readonly Channel[]
  readonly experiments: Omit<Experiments, 'declare' | 'tellMissing'>
  /** A release by its id: of a channel, or from the store. Contract: rejects never; what is not there is undefined. */
  readonly release: (id: string) => ServedRelease | undefined | Promise<ServedRelease | undefined>
}
