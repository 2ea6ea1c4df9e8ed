import { dashed } from '../schemas/ids.ts'
import { type Marketplace, marketplaceSchema, type Plugin } from '../schemas/marketplace.ts'
import type { BundleRecord, PluginRecord, SkillRecord } from '../schemas/release.ts'
import { didYouMean } from '../schemas/suggest.ts'
import { comparePaths } from './content-path.ts'
import { errorAt, quote, type Report } from './finding.ts'
import type { ParsedTree } from './parse.ts'
import { checkSchema } from './schema-issues.ts'
import type { Yaml } from './yaml.ts'
import type { YamlPath } from './yaml-part.ts'

/** A plugin and the keys of the groups, or names of the plain skills, whose skills it offers. */
export interface Offer {
  readonly plugin: Plugin
  readonly groups: ReadonlySet<string>
}

/** Category → keys of its groups, or name of its plain skill. */
export type Categories = ReadonlyMap<string, readonly string[]>

/** The categories of a tree: each group key, what groups say is their category, and each plain skill. */
export function categoriesOf({ groups, skills }: Pick<ParsedTree, 'groups' | 'skills'>): Categories {
  const categories = new Map<string, string[]>()
  const add = (category: string, key: string) => {
    categories.set(category, [...new Set([...(categories.get(category) ?? []), key])])
  }
  for (const { name } of skills) add(name, name)
  for (const { key, yaml } of groups) {
    add(key, key)
    const { category } = (yaml?.data ?? {}) as { readonly category?: unknown }
    if (typeof category === 'string') add(category, key)
  }
  return categories
}

/** Reads `marketplace.yaml`; a category that no skill is in is told and left out. */
export function validateMarketplace(yaml: Yaml | undefined, categories: Categories, report: Report): Offer[] {
  const marketplace = yaml && checkSchema(marketplaceSchema, yaml, report)
  if (yaml === undefined || marketplace === undefined) return []
  checkNames(yaml, marketplace, report)
  const offers = Object.entries(marketplace.plugins).flatMap(([category, plugin]) => {
    const groups = categories.get(category)
    if (groups !== undefined) return [{ plugin, groups: new Set(groups) }]
    const message = `Cannot offer the category ${quote(category)}: expected the key of a group or the name of a skill`
    const fix = didYouMean(category, categories.keys())
    const place = { path: yaml.path, ...yaml.keyAt(['plugins', category]) }
    report(errorAt(place, { code: 'validate/category', message, fix }))
    return []
  })
  if (marketplace.mega_plugin === undefined) return offers
  return [
    ...offers,
    { plugin: marketplace.mega_plugin, groups: new Set(offers.flatMap(({ groups }) => [...groups])) },
  ]
}

/** What a release offers as plugins, by name; a plugin of which no skill is left is not offered. */
export function pluginsOf(
  offers: readonly Offer[],
  skills: readonly SkillRecord[],
  bundles: readonly BundleRecord[],
): PluginRecord[] {
  const ids = [
    ...skills.map(({ category, id }) => ({ category, id })),
    ...bundles.flatMap(({ category, variants }) =>
      variants.map((variant) => ({ category, id: `${dashed(category)}-${variant.id}` })),
    ),
  ]
  return offers
    .map(({ plugin: { name, description, keywords = [] }, groups }) => {
      const offered = ids.filter(({ category }) => groups.has(category)).map(({ id }) => id)
      return { name, description, keywords, skills: offered.sort(comparePaths) }
    })
    .filter(({ skills }) => skills.length > 0)
    .sort((a, b) => comparePaths(a.name, b.name))
}

function checkNames(yaml: Yaml, { plugins, mega_plugin }: Marketplace, report: Report): void {
  const named: (readonly [name: string, at: YamlPath])[] = Object.entries(plugins).map(
    ([category, { name }]) => [name, ['plugins', category, 'name']],
  )
  if (mega_plugin !== undefined) named.push([mega_plugin.name, ['mega_plugin', 'name']])
  const seen = new Set<string>()
  for (const [name, at] of named) {
    if (!seen.has(name)) {
      seen.add(name)
      continue
    }
    const message = `Cannot have two plugins ${quote(name)}: expected each name once`
    report(errorAt({ path: yaml.path, ...yaml.valueAt(at) }, { code: 'validate/duplicate-plugin', message }))
  }
}
