import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib'
import type { Artifact } from './release.ts'

/** The bytes of one artifact in the encodings that make it smaller. */
export interface Encodings {
  readonly br?: Uint8Array
  readonly gzip?: Uint8Array
}

/** An encoding is kept when it is at most this part of the original. */
const WORTH = 0.95
/** Up to here the best brotli is quick enough; beyond, a good one is. */
const SMALL = 32 * 1024
/** Bits of a window that holds whatever is small: one as large as a page may need takes longer to empty than that to encode. */
const SMALL_WINDOW = 16

const compressors = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, {
      params: {
        ...(bytes.length <= SMALL
          ? { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: SMALL_WINDOW }
          : { [constants.BROTLI_PARAM_QUALITY]: 5 }),
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 6 }),
}
const decompressors = { br: promisify(brotliDecompress), gzip: promisify(gunzip) }

/** Whether encodings of an artifact can be smaller than itself: an archive is compressed already. */
export function isEncodable({ mediaType }: Artifact): boolean {
  return /^text\/|json$/.test(mediaType)
}

/** Encodings that are worth sending, made once so that no request pays for them. */
export async function encode(artifact: Artifact): Promise<Encodings> {
  if (!isEncodable(artifact)) return {}
  const { bytes } = artifact
  const [br, gz] = await Promise.all([compressors.br(bytes), compressors.gzip(bytes)])
  return {
    ...(br.length <= bytes.length * WORTH ? { br } : {}),
    ...(gz.length <= bytes.length * WORTH ? { gzip: gz } : {}),
  }
}

/** The bytes behind an encoding; at most `size` of them. */
export async function decodeEncoding(
  encoding: keyof Encodings,
  bytes: Uint8Array,
  size: number,
): Promise<Uint8Array> {
  return await decompressors[encoding](bytes, { maxOutputLength: Math.max(1, size) })
}
