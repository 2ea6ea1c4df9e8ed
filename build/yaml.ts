import { errorAt, type Finding, type Report } from './finding.ts'
import type { Position } from './position.ts'
import type { Text } from './text.ts'
import { readComposedYaml } from './yaml-composed.ts'
import type { Refuse } from './yaml-document.ts'
import { partAt, type YamlPath } from './yaml-part.ts'
import { readPlainYaml } from './yaml-plain.ts'

/** Findings of one text that are told. */
const MAX_REFUSALS = 100

/** A piece of YAML, read strictly, that still knows where each of its parts stands. */
export interface Yaml {
  readonly path: string
  /** Nothing is known of it yet: only `checkSchema` turns it into something. */
  readonly data: unknown
  /** Where the value at a path stands; of the nearest part that exists, when it does not. */
  readonly valueAt: (path: YamlPath) => Position
  /** Where the key at the end of a path stands. */
  readonly keyAt: (path: YamlPath) => Position
}

/** Reads YAML that stands at an offset of a text; undefined after telling what is wrong with it. */
export function readYaml(
  source: Text,
  block: { readonly text: string; readonly offset: number },
  report: Report,
): Yaml | undefined {
  const positionOf = (offset: number) => source.positionOf(block.offset + offset)
  const refusals: { readonly offset: number; readonly finding: Finding }[] = []
  const refuse: Refuse = (offset, finding) => {
    if (refusals.length < MAX_REFUSALS) refusals.push({ offset, finding })
  }
  const { data, root } = readPlainYaml(block.text) ?? readComposedYaml(block.text, refuse)
  for (const { offset, finding } of refusals) {
    report(errorAt({ path: source.path, ...positionOf(offset) }, finding))
  }
  if (refusals.length > 0) return undefined
  const find = (path: YamlPath, what: 'key' | 'value'): Position => {
    if (root === undefined) return positionOf(0)
    const { part, isThere } = partAt(root, path)
    return positionOf(isThere ? part[what] : part.value)
  }
  return {
    path: source.path,
    data,
    valueAt: (path) => find(path, 'value'),
    keyAt: (path) => find(path, 'key'),
  }
}
