import type { ChannelPointer } from '../../schemas/channel.ts'
import type { PublicKey } from '../../schemas/public-key.ts'

/** The last pointer that held, for each key, server and channel. */
export interface PointerMemory {
  /** Contract: null only when nothing was ever kept. @throws {CommandError} `trust/memory` */
  readonly recall: (of: Remembered) => Promise<ChannelPointer | null>
  /** Keeps a pointer, unless one with a higher serial has been kept meanwhile. @throws {CommandError} `trust/memory` */
  readonly keep: (of: Remembered, pointer: ChannelPointer) => Promise<void>
}

/** Whose pointer it is. */
export interface Remembered {
  /** Id of the key. */
  readonly key: string
  readonly site: string
  readonly channel: string
}

/** Artifacts of earlier runs. */
export interface ArtifactCache {
  /** Bytes of that digest; null when they are not there whole. */
  readonly get: (digest: string) => Promise<Uint8Array | null>
  /** Contract: never rejects; what cannot be kept is fetched again. */
  readonly put: (digest: string, bytes: Uint8Array) => Promise<void>
}

/** A key that a run holds its server to, and what it needs to do so. */
export interface Trust {
  readonly key: PublicKey
  readonly memory: PointerMemory
  readonly cache: ArtifactCache
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Tells the person that something is not as usual. */
  readonly notice: (sentence: string) => void
}
