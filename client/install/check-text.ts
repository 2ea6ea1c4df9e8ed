import { isUtf8 } from 'node:buffer'
import { codePoint, hiddenCharacters } from '../../schemas/hidden-text.ts'
import { refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

/**
 * Lets files through whose text says what it shows. What is neither UTF-8 nor Markdown is not text.
 * @throws {CommandError} `install/hidden-text`
 */
export function checkText(skill: string, files: SkillFiles): void {
  for (const [path, bytes] of files) {
    if (!path.endsWith('.md') && !isUtf8(bytes)) continue
    const [found] = hiddenCharacters(new TextDecoder().decode(bytes))
    if (found === undefined) continue
    const name = codePoint(found.character)
    throw refusal(skill, 'hidden-text', `"${path}" hides the character ${name} at offset ${found.offset}`)
  }
}
