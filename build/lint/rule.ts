import type { Diagnostic, Fix } from '../../schemas/diagnostic.ts'
import type { Place } from '../finding.ts'
import type { Subject, Unit } from './subject.ts'

/** A tree that shows a rule at work, laid over a sound one; a file that is undefined is taken away. */
export interface Example {
  /**
   * Files of the content root; `../` leads to those beside it. `LINK <target>` stands for a symbolic link. Under an
   * address stands what its source answers, `HTTP <status> <location>` when that is no document.
   */
  readonly files: Readonly<Record<string, string | Uint8Array | undefined>>
  /** Where the finding stands: `path:line:column`, sorted. None in an example of what is well. */
  readonly at?: readonly string[]
}

/** More than any file may be. */
export const LARGE = 'Words.\n'.repeat(760_000)

/** One code that the compiler can tell, for authors: what it means and how it comes about. */
export interface Entry {
  readonly code: Diagnostic['code']
  readonly severity: Diagnostic['severity']
  /** What is wrong, and what is wanted. */
  readonly summary: string
  readonly ok: readonly Example[]
  readonly notOk: readonly Example[]
}

/** What a rule says of one place. */
export interface Said {
  readonly message: string
  readonly fix?: Fix | undefined
  /** What cannot be served while this holds. */
  readonly units?: readonly Unit[]
  /** The offending text, for rules that can be waived. */
  readonly evidence?: string
}

/** Takes a finding; false when it is waived. */
export type Tell = (place: Place, said: Said) => boolean

/** A rule for authors: its examples are its tests and its documentation. */
export interface Rule extends Entry {
  readonly check: (subject: Subject, tell: Tell) => void
}
