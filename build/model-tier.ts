/** How dear a model is beside others of its maker: 1 small, 2 middling, 3 large. */
export type ModelTier = 1 | 2 | 3

/** Words that makers put into the names of models of one size. Prices change by the month, sizes hardly do. */
const FAMILIES: readonly (readonly [ModelTier, RegExp])[] = [
  [1, /(^|[^a-z])(haiku|mini|nano|luna|flash|lite|small|tiny)([^a-z]|$)/i],
  [2, /(^|[^a-z])(sonnet|terra|medium|turbo)([^a-z]|$)/i],
  [3, /(^|[^a-z])(opus|astra|pro|large|ultra)([^a-z]|$)/i],
]

/** The tier that a model's name tells; undefined when it tells none. */
export function modelTier(model: string): ModelTier | undefined {
  return FAMILIES.find(([, family]) => family.test(model))?.[0]
}
