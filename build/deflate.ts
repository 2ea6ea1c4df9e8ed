import { deflateInit2, deflateReset, deflate as deflateStream } from 'pako/lib/zlib/deflate.js'
import ZStream from 'pako/lib/zlib/zstream.js'

/** Archives are two to four per cent larger than at level 6, and made in little more than half the time. */
const LEVEL = 3
const METHOD = 8
/** The largest window, without a header. */
const WINDOW = -15
/** Tables for files of some kilobytes: larger ones take longer to empty than most files to pack. */
const MEMORY = 7
const STRATEGY = 0
const FINISH = 4
const END = 1
/** Packed, nearly every file fits in here. */
const SCRATCH_BYTES = 256 * 1024

/** Packs bytes as archives hold them; equal bytes always pack alike. */
export type Deflate = (bytes: Uint8Array) => Uint8Array

/**
 * A packer whose tables are made once and serve for any number of files, one after the other: to make them anew
 * takes longer than most files do.
 */
export function createDeflate(): Deflate {
  const stream = new ZStream()
  deflateInit2(stream, LEVEL, METHOD, WINDOW, MEMORY, STRATEGY)
  const scratch = new Uint8Array(SCRATCH_BYTES)
  return (bytes) => {
    const most = boundOf(bytes.length)
    const output = most <= scratch.length ? scratch : new Uint8Array(most)
    reset(stream)
    Object.assign(stream, { input: bytes, next_in: 0, avail_in: bytes.length })
    Object.assign(stream, { output, next_out: 0, avail_out: output.length })
    const code = deflateStream(stream, FINISH)
    const packed = output.slice(0, stream.next_out)
    Object.assign(stream, { input: null, output: null })
    if (code !== END) throw new Error(`Cannot pack ${bytes.length} bytes: expected the end, got code ${code}`)
    return packed
  }
}

/** As `deflateReset` alone does it, which empties the table of beginnings a number at a time. */
function reset(stream: ZStream): void {
  const { state } = stream
  const { head } = state
  head.fill(0)
  state.head = NOTHING
  deflateReset(stream)
  state.head = head
}

const NOTHING = new Uint16Array()

/** The packer of this process. */
export const deflate: Deflate = createDeflate()

/** Bytes that packing never exceeds, whatever it is given. */
function boundOf(length: number): number {
  return length + (length >>> 3) + (length >>> 6) + 64
}
