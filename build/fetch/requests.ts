import { parsedYaml } from '../parsed-yaml.ts'
import type { SourceTree } from '../release.ts'
import type { Yaml } from '../yaml.ts'
import type { YamlPath } from '../yaml-part.ts'
import type { DocumentRequest } from './document.ts'

/** Every reference to a document in a tree, in the order of the files. What cannot be read is told by later stages. */
export function documentRequests(tree: SourceTree): DocumentRequest[] {
  return tree.files.flatMap((file) => {
    const lists = LISTS.find(([pattern]) => pattern.test(file.path))?.[1]
    const yaml = lists === undefined ? undefined : parsedYaml(file).yaml
    if (lists === undefined || yaml === undefined) return []
    return lists(yaml.data).flatMap((path) => requestsOf(yaml, path))
  })
}

type Lists = (data: unknown) => YamlPath[]

/** Which files hold lists of references, and at which paths. */
const LISTS: readonly (readonly [RegExp, Lists])[] = [
  [/^skills\/.+\/config\.yaml$/, groupLists],
  [/^docs\.yaml$/, docLists],
]

const KEYS = ['docs_urls', 'shared_docs'] as const

function groupLists(data: unknown): YamlPath[] {
  const variants = items(at(data, ['variants'])).flatMap((_, index) =>
    KEYS.map((key) => ['variants', index, key]),
  )
  return [['shared_docs'], ...variants]
}

function docLists(data: unknown): YamlPath[] {
  const root = Array.isArray(data) ? [] : ['docs']
  return items(at(data, root)).map((_, index) => [...root, index, 'urls'])
}

function requestsOf(yaml: Yaml, list: YamlPath): DocumentRequest[] {
  return items(at(yaml.data, list)).flatMap((item, index) => {
    const whole = typeof item === 'string'
    const url = whole ? item : at(item, ['url'])
    if (typeof url !== 'string' || url === '') return []
    const place = yaml.valueAt(whole ? [...list, index] : [...list, index, 'url'])
    return [{ url, from: yaml.path, line: place.line, column: place.column }]
  })
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function at(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((inner, step) => {
    return typeof inner === 'object' && inner !== null
      ? (inner as Record<PropertyKey, unknown>)[step]
      : undefined
  }, value)
}
