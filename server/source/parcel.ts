import type { Artifact, Release } from '../../build/release.ts'

/** A release on its way from one thread to another: bytes that the other one has are not in it. */
export interface Parcel extends Omit<Release, 'artifacts'> {
  readonly artifacts: readonly Omit<Artifact, 'bytes'>[]
  /** By digest. */
  readonly bytes: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** Packs releases for one receiver. The bytes of a parcel are copies: they may be handed over. */
export function createPacker(): (release: Release) => Parcel {
  let held: ReadonlySet<string> = new Set()
  return ({ id, index, artifacts }) => {
    const bytes = new Map<string, Uint8Array<ArrayBuffer>>()
    for (const artifact of artifacts.values()) {
      if (!held.has(artifact.digest)) bytes.set(artifact.digest, new Uint8Array(artifact.bytes))
    }
    held = new Set([...artifacts.values()].map(({ digest }) => digest))
    return { id, index, artifacts: [...artifacts.values()].map(withoutBytes), bytes }
  }
}

/** Unpacks the parcels of one packer, in the order in which it made them. */
export function createUnpacker(): (parcel: Parcel) => Release {
  let held: ReadonlyMap<string, Artifact> = new Map()
  return ({ id, index, artifacts, bytes }) => {
    const byDigest = new Map([...held.values()].map((artifact) => [artifact.digest, artifact.bytes]))
    const whole = artifacts.map((artifact): Artifact => {
      const known = held.get(artifact.name)
      if (known?.digest === artifact.digest) return known
      const own = bytes.get(artifact.digest) ?? byDigest.get(artifact.digest)
      if (own === undefined)
        throw new RangeError(`Cannot unpack "${artifact.name}": its bytes were never sent`)
      return { ...artifact, bytes: own }
    })
    held = new Map(whole.map((artifact) => [artifact.name, artifact]))
    return { id, index, artifacts: held }
  }
}

function withoutBytes({ name, digest, mediaType }: Artifact): Omit<Artifact, 'bytes'> {
  return { name, digest, mediaType }
}

/** What of a parcel is handed over instead of copied. */
export function handedOver(parcel: Parcel | undefined): ArrayBuffer[] {
  return [...(parcel?.bytes.values() ?? [])].map(({ buffer }) => buffer)
}
