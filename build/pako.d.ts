/** The port of zlib that stands inside pako, as far as it is used here: pako itself ships no types for it. */
declare module 'pako/lib/zlib/deflate.js' {
  import type ZStream from 'pako/lib/zlib/zstream.js'

  export function deflateInit2(
    stream: ZStream,
    ...settings: readonly [level: number, method: 8, windowBits: number, memLevel: number, strategy: 0]
  ): number
  export function deflateReset(stream: ZStream): number
  export function deflate(stream: ZStream, flush: number): number
}

declare module 'pako/lib/zlib/zstream.js' {
  class ZStream {
    input: Uint8Array | null
    next_in: number
    avail_in: number
    output: Uint8Array | null
    next_out: number
    avail_out: number
    /** What it knows of the file that it packs; `head` leads from what begins alike to where that stood last. */
    state: { head: Uint16Array }
  }
  export = ZStream
}
