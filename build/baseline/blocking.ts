/**
 * Errors in spite of which an artifact can be made, as it always was: only these can stand in a baseline. Every
 * other error makes an artifact impossible, or a danger to who reads it.
 */
const NOT_BLOCKING: ReadonlySet<string> = new Set([
  // Nobody reads the key.
  'validate/unknown-key',
  // The file is left out.
  'parse/misplaced',
  'validate/reference-place',
  // The plugin is left out.
  'validate/category',
  // The prompt runs with what its client chooses.
  'validate/model',
  // A denied tool stays denied.
  'validate/tools',
  // The skill is served under the name of its folder.
  'validate/skill-name',
  // The words are served as they stand.
  'expand/placeholder',
  // A client's command line takes one of the two.
  'expand/cli',
  'expand/default',
  'link/cli',
  // The link leads nowhere.
  'lint/dead-link',
  'lint/dead-anchor',
  'lint/link-outside',
  // Some clients refuse it.
  'lint/skill-limits',
  // The run ends when it comes to the skill.
  'link/unknown-skill',
  'link/skill-framework',
])

/** True when an artifact can be made in spite of the finding, so that a baseline may hold it. */
export function canBeExcused(code: string): boolean {
  return NOT_BLOCKING.has(code)
}

/** Every code that a baseline may hold, sorted. */
export const EXCUSABLE: readonly string[] = [...NOT_BLOCKING].sort()
