import { type SkipPatterns, skipPatternsSchema } from '../../schemas/skip-patterns.ts'
import { didYouMean } from '../../schemas/suggest.ts'
import { errorAt, quote, type Report, warningAt } from '../finding.ts'
import { checkSchema } from '../schema-issues.ts'
import type { Yaml } from '../yaml.ts'
import type { YamlPath } from '../yaml-part.ts'
import { type Pattern, regexPattern, textPattern } from './pattern.ts'

/** Reads `skip-patterns.yaml`. */
export function validateSkipPatterns(yaml: Yaml | undefined, report: Report): SkipPatterns {
  const patterns = yaml && checkSchema(skipPatternsSchema, yaml, report)
  if (yaml === undefined || patterns === undefined || patterns === null) return {}
  for (const at of listsIn(patterns)) checkList(yaml, at, report)
  return patterns
}

/** Tells patterns for an example app that no variant shows; `dirs` are the folder names of those that are shown. */
export function checkExampleDirs(
  { yaml, patterns }: { readonly yaml: Yaml | undefined; readonly patterns: SkipPatterns },
  dirs: ReadonlySet<string>,
  report: Report,
): void {
  if (yaml === undefined) return
  for (const dir of Object.keys(patterns.examples ?? {})) {
    if (dirs.has(dir)) continue
    const message = `Cannot find the example app ${quote(dir)}: expected the folder name of an app in "example_paths"`
    const fix = didYouMean(dir, dirs)
    const place = { path: yaml.path, ...yaml.keyAt(['examples', dir]) }
    report(warningAt(place, { code: 'example/unknown-app', message, fix }))
  }
}

function listsIn(patterns: SkipPatterns): YamlPath[] {
  return [[], ['global'], ...Object.keys(patterns.examples ?? {}).map((dir) => ['examples', dir])]
}

const READERS: Readonly<Record<string, (text: string) => Pattern>> = {
  includes: textPattern,
  regex: regexPattern,
  allow: textPattern,
}

function checkList(yaml: Yaml, list: YamlPath, report: Report): void {
  for (const [key, read] of Object.entries(READERS)) {
    const texts = [...list, key].reduce<unknown>(
      (at, step) => (at as Record<PropertyKey, unknown> | null)?.[step],
      yaml.data,
    )
    for (const [index, text] of ((texts ?? []) as readonly string[]).entries()) {
      const pattern = read(text)
      if ('matches' in pattern) continue
      const message = `Cannot use the pattern ${quote(text)}: ${pattern.problem}, expected one that every path passes quickly`
      const place = { path: yaml.path, ...yaml.valueAt([...list, key, index]) }
      report(errorAt(place, { code: 'example/pattern', message }))
    }
  }
}
