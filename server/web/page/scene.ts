import type { ChannelsView, ChannelView } from '../../catalog/channel-views.ts'
import type { ReleaseView } from '../../catalog/release-view.ts'
import type { Address } from './address.ts'
import type { Feed, Reading } from './feed.ts'
import type { Connection } from './live.ts'

/** A rendered text, ready to be put into the page. */
export interface Shown {
  readonly html: string
  /** Where a link of the text leads in this page, if it leads anywhere. */
  readonly linkTo: (target: string) => string | undefined
}

/** All that drawing depends on: the same scene is always the same picture. */
export interface Scene {
  readonly address: Address
  readonly feed: Feed
  readonly connection: Connection
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Pixels that a picture may take. */
  readonly width: number
  /** Origin of the server, such as `http://localhost:8765`. */
  readonly origin: string
  /** Hit of a search that Enter would open. */
  readonly chosen: number
  /** Somebody is typing: texts are searched when they pause. */
  readonly isTyping: boolean
  readonly channels: Reading<ChannelsView>
  /** Rendered texts of this picture, by digest. */
  readonly shown: Map<string, Shown>
}

/** A channel of a scene, and the release that it answers with. */
export interface Stage {
  readonly channel: ChannelView
  readonly release: Reading<ReleaseView>
}

/** The channel that is shown; undefined when there is none of that name, or none is known yet. */
export function stageOf(scene: Scene, name: string): Stage | undefined {
  const channel = scene.channels.value?.channels.find((one) => one.channel === name)
  if (channel === undefined) return undefined
  const release =
    channel.release === null
      ? { value: undefined, isCurrent: true, problem: undefined }
      : scene.feed.read<ReleaseView>(`release ${name}`, `/catalog/releases/${channel.release}/view`)
  return { channel, release }
}
