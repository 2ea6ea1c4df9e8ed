/** `retry`: an attempt that came to nothing and was followed by another one; `open`: one that has not ended. */
export type SegmentKind = 'wait' | 'done' | 'failed' | 'retry' | 'open'

/** A stretch of a row. */
export interface Segment {
  readonly kind: SegmentKind
  /** Milliseconds of the run. */
  readonly from: number
  readonly to: number
}
