import type { Diagnostic } from '../schemas/diagnostic.ts'
import type { SourceFile } from './release.ts'
import { decode } from './text.ts'
import { readYaml, type Yaml } from './yaml.ts'

/** A YAML file as it was read, and what is wrong with it. */
export interface ParsedYaml {
  readonly yaml: Yaml | undefined
  readonly diagnostics: readonly Diagnostic[]
}

const parsed = new WeakMap<SourceFile, ParsedYaml>()

/** Parses a file once: what gathering has parsed, the build of the very same files need not parse again. */
export function parsedYaml(file: SourceFile): ParsedYaml {
  const known = parsed.get(file)
  if (known !== undefined) return known
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic)
  const text = decode(file, report)
  const yaml = text && readYaml(text, { text: text.text, offset: 0 }, report)
  const fresh = { yaml, diagnostics }
  parsed.set(file, fresh)
  return fresh
}
