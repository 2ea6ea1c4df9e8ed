import { codePoint, hiddenCharacters } from '../schemas/hidden-text.ts'
import { errorAt, type Report } from './finding.ts'
import { type Position, positions } from './position.ts'
import type { SourceFile } from './release.ts'

/** Hidden characters of one file that are reported one by one. */
const MAX_REPORTED = 20

/** Text as the mill sees it: valid UTF-8, no byte order mark, `\n` line ends, nothing hidden. */
export interface Text {
  readonly path: string
  readonly text: string
  readonly positionOf: (offset: number) => Position
}

/** Decodes a file; undefined when it holds what no reader could see, after telling where. */
export function decode(file: SourceFile, report: Report): Text | undefined {
  const raw = decodeUtf8(file, report)
  if (raw === undefined) return undefined
  const text = raw.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const positionOf = positions(text)
  const hidden = hiddenCharacters(text)
  for (const [at, { offset, character }] of hidden.slice(0, MAX_REPORTED).entries()) {
    const more = at === MAX_REPORTED - 1 ? hidden.length - MAX_REPORTED : 0
    report(
      errorAt(
        { path: file.path, ...positionOf(offset) },
        {
          code: 'parse/hidden-character',
          message: `Cannot serve the hidden character ${codePoint(character)}${more > 0 ? ` (and ${more} more in this file)` : ''}: expected text that a reader can see`,
          fix: { description: 'Delete the character', replacement: '' },
        },
      ),
    )
  }
  return hidden.length > 0 ? undefined : { path: file.path, text, positionOf }
}

function decodeUtf8({ path, bytes }: SourceFile, report: Report): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const offset = firstBadByte(bytes)
    const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0')
    report(
      errorAt(
        { path, ...positionOfByte(bytes, offset) },
        {
          code: 'parse/utf8',
          message: `Cannot decode byte 0x${byte} at offset ${offset}: expected UTF-8 text`,
        },
      ),
    )
    return undefined
  }
}

/** The lossy decoding agrees with the bytes up to the first one that is not UTF-8. */
function firstBadByte(bytes: Uint8Array): number {
  const lossy = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  const at = bytes.findIndex((byte, index) => byte !== lossy[index])
  return at < 0 ? Math.max(0, bytes.length - 1) : at
}

function positionOfByte(bytes: Uint8Array, offset: number): Position {
  const before = new TextDecoder().decode(bytes.subarray(0, offset))
  return positions(before)(before.length)
}
