import { isUtf8 } from 'node:buffer'
import { codePoint, hiddenCharacters } from '../../schemas/hidden-text.ts'
import { refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

/** How zip, gzip, bzip2, xz, zstd, 7z and rar begin; tar says so later. */
const ARCHIVES = [
  '504b0304',
  '504b0506',
  '1f8b',
  '425a68',
  'fd377a585a00',
  '28b52ffd',
  '377abcaf',
  '526172211a07',
]

/**
 * Lets files through whose text says what it shows, and that hold no files themselves. What is neither UTF-8 nor
 * Markdown is not text.
 * @throws {CommandError} `install/hidden-text`, `install/not-text`, `install/nested-archive`
 */
export function checkText(skill: string, files: SkillFiles): void {
  for (const [path, bytes] of files) {
    if (isArchive(bytes)) {
      throw refusal(skill, 'nested-archive', `"${path}" is an archive, expected the files themselves`)
    }
    const isText = isUtf8(bytes)
    if (!path.endsWith('.md') && !isText) continue
    const [found] = hiddenCharacters(new TextDecoder().decode(bytes))
    if (found !== undefined) {
      const name = codePoint(found.character)
      throw refusal(skill, 'hidden-text', `"${path}" hides the character ${name} at offset ${found.offset}`)
    }
    if (!isText) throw refusal(skill, 'not-text', `"${path}" is not UTF-8`)
  }
}

function isArchive(bytes: Uint8Array): boolean {
  const beginning = Buffer.from(bytes.subarray(0, 8)).toString('hex')
  return (
    ARCHIVES.some((signature) => beginning.startsWith(signature)) ||
    Buffer.from(bytes.subarray(257, 262)).toString('latin1') === 'ustar'
  )
}
