import type { FlowComparison } from './comparison.ts'

export interface LeftOut {
  readonly run: string
  readonly why: string
}

export interface Told {
  readonly experiment: string | null
  readonly flows: readonly FlowComparison[]
  readonly leftOut: readonly LeftOut[]
}

/** For programs: milliseconds, counts and US dollars; null is not known. */
export function asJson({ experiment, flows, leftOut }: Told): string {
  return `${JSON.stringify({ version: 1, experiment, flows, leftOut }, null, 2)}\n`
}
