import type { Diagnostic } from '../schemas/diagnostic.ts'
import { comparePaths, contentPathProblem, isContentPath, MAX_FILE_BYTES } from './content-path.ts'
import { errorAt, type Report } from './finding.ts'
import { START } from './position.ts'
import type { SourceFile } from './release.ts'

/** The files that can be carried to every machine, sorted by path. */
export function soundFiles(files: readonly SourceFile[], report: Report): SourceFile[] {
  const sorted = files.filter(({ path }) => isContentPath(path)).sort((a, b) => comparePaths(a.path, b.path))
  const taken = new Map<string, string>()
  return sorted.filter((file) => {
    const place = { path: file.path, ...START }
    const problem = contentPathProblem(file.path)
    if (problem !== undefined) {
      const message = `Cannot use the path ${JSON.stringify(file.path)}: ${problem}, expected a name that every machine can carry`
      report(errorAt(place, { code: 'discover/name', message }))
      return false
    }
    if (file.bytes.length > MAX_FILE_BYTES) {
      report(tooLarge(file.path, file.bytes.length))
      return false
    }
    const folded = file.path.toLowerCase()
    const first = taken.get(folded)
    taken.set(folded, first ?? file.path)
    if (first === undefined) return true
    const message = `Cannot tell "${file.path}" from "${first}" where case does not count: expected names that differ in more`
    report(errorAt(place, { code: 'discover/name-collision', message }))
    return false
  })
}

/** The finding for a file that is left unread because of its size. */
export function tooLarge(path: string, size: number): Diagnostic {
  const message = `Cannot read a file of ${size} bytes: expected at most ${MAX_FILE_BYTES}`
  return errorAt({ path, ...START }, { code: 'discover/too-large', message })
}
