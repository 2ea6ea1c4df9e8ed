import type { Diagnostic, Fix } from '../schemas/diagnostic.ts'
import { type Position, START } from './position.ts'

/**
 * Takes one finding. Stages tell what they find and go on. The answer is `EXCUSED` for a finding that a baseline
 * lists: it is no reason to leave anything out. A report that passes findings on passes the answer back.
 */
export type Report = (diagnostic: Diagnostic) => unknown

/** What a report answers to a finding that a baseline lists. */
export const EXCUSED = 'excused'

/** A position in a file of the content tree. */
export interface Place extends Position {
  readonly path: string
}

/** What a finding says. */
export interface Finding {
  readonly code: Diagnostic['code']
  readonly message: string
  readonly fix?: Fix | undefined
}

export function errorAt(place: Place, finding: Finding): Diagnostic {
  return diagnosticAt(place, 'error', finding)
}

/** An error that is about a whole tree. */
export function treeError(finding: Finding): Diagnostic {
  return errorAt({ path: '', ...START }, finding)
}

export function warningAt(place: Place, finding: Finding): Diagnostic {
  return diagnosticAt(place, 'warning', finding)
}

/** A report that also remembers whether an error went through it that stands. */
export function watched(report: Report): { readonly report: Report; readonly failed: () => boolean } {
  let failed = false
  return {
    report: (diagnostic) => {
      const answer = report(diagnostic)
      failed ||= diagnostic.severity === 'error' && answer !== EXCUSED
      return answer
    },
    failed: () => failed,
  }
}

/** A value as a message quotes it: on one line, and never long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  if (text.length <= 80) return text
  const cut = text.slice(0, 78).replace(/\\+$/, '')
  return typeof value === 'string' ? `${cut}…"` : `${cut}…`
}

function diagnosticAt(place: Place, severity: Diagnostic['severity'], finding: Finding): Diagnostic {
  const { path, line, column } = place
  const { code, message, fix } = finding
  return { path, line, column, severity, code, message, ...(fix === undefined ? {} : { fix }) }
}
