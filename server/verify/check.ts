import type { Trust } from '../../schemas/pointer-doubts.ts'
import type { Problem, ProblemCode } from './problem.ts'
import type { Reading, Source } from './source.ts'

/** What was promised, and what came instead. */
export interface Mismatch {
  readonly expected: string
  readonly came: string
}

/** One verification under way: where bytes come from, and who is told what is wrong with them. */
export interface Check {
  readonly trust: Trust
  /** Address that all links start with, ends with `/`. */
  readonly baseUrl: string
  readonly urlOf: Source['urlOf']
  /** The bytes of a path; what could not be had is told, and undefined. */
  readonly need: (path: string) => Promise<Uint8Array | undefined>
  /** The same without telling. */
  readonly read: (path: string) => Promise<Reading>
  readonly report: (code: ProblemCode, path: string, mismatch: Mismatch) => void
}

/** A check, and what it has found so far. */
export interface OpenCheck extends Check {
  readonly problems: Problem[]
  readonly files: () => number
}

export interface CheckOptions {
  readonly source: Source
  readonly baseUrl: string
  readonly trust: Trust
}

/** A check that has found nothing yet. */
export function openCheck({ source, baseUrl, trust }: CheckOptions): OpenCheck {
  const problems: Problem[] = []
  let files = 0
  const report: Check['report'] = (code, path, mismatch) => {
    problems.push({ code: `verify/${code}`, url: source.urlOf(path), ...mismatch })
  }
  return {
    ...{ trust, baseUrl, problems, report },
    urlOf: source.urlOf,
    read: source.read,
    files: () => files,
    need: async (path) => {
      files += 1
      const reading = await source.read(path)
      if (reading.bytes !== undefined) return reading.bytes
      report(reading.unreachable === true ? 'unreachable' : 'missing', path, {
        expected: 'the file',
        came: reading.came,
      })
      return undefined
    },
  }
}
