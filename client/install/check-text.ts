import { isUtf8 } from 'node:buffer'
import { refusal } from './paths.ts'
import type { SkillFiles } from './unzip.ts'

/**
 * Characters that a reader does not see and a model does: direction overrides, zero-width spaces and
 * joiners without a glyph, tag characters. ZWJ, ZWNJ and variation selectors stay: scripts and emoji need them.
 */
const HIDDEN =
  /[\u00AD\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u{E0000}-\u{E007F}]|(?!^)\uFEFF/u

/**
 * Lets files through whose text says what it shows. What is neither UTF-8 nor Markdown is not text.
 * @throws {CommandError} `install/hidden-text`
 */
export function checkText(skill: string, files: SkillFiles): void {
  for (const [path, bytes] of files) {
    if (!path.endsWith('.md') && !isUtf8(bytes)) continue
    const found = HIDDEN.exec(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
    if (found === null) continue
    const point = found[0].codePointAt(0) ?? 0
    const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
    throw refusal(skill, 'hidden-text', `"${path}" hides the character ${name} at offset ${found.index}`)
  }
}
