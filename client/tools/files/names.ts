/** Folders that searches leave out, and that nobody reads for an integration. */
export const SKIPPED_FOLDERS: readonly string[] = ['node_modules', '.git', '.next', '.mill']

/**
 * A path segment as the most forgiving file system would see it: letters folded, compatibility forms and
 * invisible characters resolved, stream suffixes and trailing dots or spaces dropped.
 */
export function foldedName(segment: string): string {
  const visible = segment.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}|\p{Mn}/gu, '')
  const plain = visible.toLowerCase().replace(/:.*$/s, '')
  if (/^\.\.[. ]*$/.test(plain)) return '..'
  return plain.replace(/[. ]+$/, '')
}

/** True for names whose content may hold secrets: `.env.local`, `.envrc`, `prod.env`, `.dev.vars`; not for `.env.example`. */
export function holdsSecrets(segment: string): boolean {
  const name = foldedName(segment)
  return (/^\.(env|dev\.vars)/.test(name) && name !== '.env.example') || /(\.env|^\.flaskenv)$/.test(name)
}

/** Segments of a path, whatever its separators fold to. */
export function segmentsOf(path: string): readonly string[] {
  return path
    .normalize('NFKC')
    .split(/[/\\]+/)
    .filter(Boolean)
}
