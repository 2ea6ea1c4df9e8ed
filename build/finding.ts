import type { Diagnostic, Fix } from '../schemas/diagnostic.ts'
import type { Position } from './position.ts'

/** Takes one finding. Stages tell what they find and go on. */
export type Report = (diagnostic: Diagnostic) => void

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

export function warningAt(place: Place, finding: Finding): Diagnostic {
  return diagnosticAt(place, 'warning', finding)
}

/** A report that also remembers whether an error went through it. */
export function watched(report: Report): { readonly report: Report; readonly failed: () => boolean } {
  let failed = false
  return {
    report: (diagnostic) => {
      failed ||= diagnostic.severity === 'error'
      report(diagnostic)
    },
    failed: () => failed,
  }
}

/** A value as a message quotes it: on one line, and never long. */
export function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}

function diagnosticAt(place: Place, severity: Diagnostic['severity'], finding: Finding): Diagnostic {
  const { path, line, column } = place
  const { code, message, fix } = finding
  return { path, line, column, severity, code, message, ...(fix === undefined ? {} : { fix }) }
}
