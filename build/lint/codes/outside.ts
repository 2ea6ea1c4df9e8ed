import type { Entry } from '../rule.ts'
import { EXAMPLE_CODES } from './example.ts'
import { FETCH_CODES } from './fetch.ts'
import { SCRIPT_CODES } from './scripts.ts'

/** Codes about what a tree refers to outside of itself; their examples have to be gathered before they are built. */
export const OUTSIDE_CODES: readonly Entry[] = [...FETCH_CODES, ...EXAMPLE_CODES, ...SCRIPT_CODES]
