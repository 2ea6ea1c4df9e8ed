import { KEY_MATERIAL } from './key-material.ts'
import { joinLines, joinTornTokens, type Shortened } from './line-joins.ts'
import { hasLongRun } from './long-runs.ts'
import { withoutOverlaps } from './overlaps.ts'
import { isPlaceholder } from './placeholder.ts'
import { LONG_RUN, type SecretKind, TOKEN_KINDS } from './secret-kinds.ts'
import { URL_CREDENTIALS } from './url-credentials.ts'

/** Where in a text a secret stands, and of what kind it is. Its value is in no field. */
export interface SecretFinding {
  readonly offset: number
  readonly length: number
  readonly kind: string
}

/** Most specific first: of two findings in one place the first stands. */
const KINDS: readonly SecretKind[] = [...KEY_MATERIAL, ...TOKEN_KINDS, ...URL_CREDENTIALS]

const IN_PLAIN_TEXT = KINDS.filter(({ inPlainText }) => inPlainText === true)

/** Names of all kinds of secrets that are looked for. */
export const SECRET_KINDS: readonly string[] = [...new Set(KINDS.map(({ kind }) => kind))]

/** Finds what looks like a secret, on one line or torn over several, and not like a placeholder. In order of offset. */
export function findSecrets(text: string): SecretFinding[] {
  const views = [plain(text), joinLines(text), joinTornTokens(text)]
  const found = views.flatMap((view) => (view === undefined ? [] : findIn(view)))
  return withoutOverlaps(found)
}

/** A secret as a message may show it: its first four characters. */
export function redacted(secret: string): string {
  return `${secret.slice(0, 4)}…`
}

function plain(text: string): Shortened {
  return { text, offsetAt: (offset) => offset }
}

function findIn({ text, offsetAt }: Shortened): SecretFinding[] {
  const possible = hasLongRun(text, LONG_RUN) ? KINDS : IN_PLAIN_TEXT
  // To search is much cheaper than to begin to match.
  const sought = possible.filter(
    ({ hint, pattern }) => (hint === undefined || text.includes(hint)) && text.search(pattern) >= 0,
  )
  return sought.flatMap((kind) =>
    [...text.matchAll(kind.pattern)]
      .filter((match) => isSecret(kind, match))
      .map((match) => {
        const offset = offsetAt(match.index + shift(kind, match) + 1) - 1
        return { offset, length: offsetAt(match.index + match[0].length) - offset, kind: kind.kind }
      }),
  )
}

/** From where the pattern matches to where the secret begins. */
function shift({ named, begins }: SecretKind, [match, group = '']: RegExpExecArray): number {
  if (begins) return -group.length
  return named ? match.lastIndexOf(group) : 0
}

function isSecret({ holds, alone }: SecretKind, match: RegExpExecArray): boolean {
  const random = match.slice(1).find((group) => group !== undefined) ?? match[0]
  const end = match.index + match[0].length
  if (holds !== undefined && !holds(random, match.input.slice(end, end + 2000), match[0])) return false
  return alone === true || !isPlaceholder(random)
}
