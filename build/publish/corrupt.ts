/** The store does not hold a release, or not the bytes its name promises. */
export class CorruptReleaseError extends Error {
  override readonly name: string = 'CorruptReleaseError'
}

/** The store does not hold a release at all. */
export class MissingReleaseError extends CorruptReleaseError {}
