import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { RULES } from '../lint.ts'
import { DISCOVER_CODES } from './codes/discover.ts'
import { EXPAND_CODES } from './codes/expand.ts'
import { IGNORE_CODES } from './codes/ignore.ts'
import { LINK_CODES } from './codes/link.ts'
import { OUTSIDE_CODES } from './codes/outside.ts'
import { PARSE_CODES } from './codes/parse.ts'
import { VALIDATE_CODES } from './codes/validate.ts'
import type { Entry } from './rule.ts'

/** Every code that the compiler can tell, by stage. */
export const CATALOGUE: readonly Entry[] = [
  ...DISCOVER_CODES,
  ...OUTSIDE_CODES,
  ...PARSE_CODES,
  ...VALIDATE_CODES,
  ...EXPAND_CODES,
  ...LINK_CODES,
  ...RULES,
  ...IGNORE_CODES,
]

/** Severity of every code. */
export const SEVERITIES: ReadonlyMap<string, Diagnostic['severity']> = new Map(
  CATALOGUE.map(({ code, severity }) => [code, severity]),
)
