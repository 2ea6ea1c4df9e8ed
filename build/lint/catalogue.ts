import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { RULES } from '../lint.ts'
import { IGNORE_CODES } from './codes/ignore.ts'
import type { Entry } from './rule.ts'

/** Every code that the compiler can tell, by stage. */
export const CATALOGUE: readonly Entry[] = [...RULES, ...IGNORE_CODES]

/** Severity of every code. */
export const SEVERITIES: ReadonlyMap<string, Diagnostic['severity']> = new Map(
  CATALOGUE.map(({ code, severity }) => [code, severity]),
)
