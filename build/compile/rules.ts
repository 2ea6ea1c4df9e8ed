import { generated, type Piece, type Woven } from '../woven.ts'

/** The commandments that apply to a skill: those for every skill, then those of its tags, each once. */
export function rulesFor(
  tags: readonly string[],
  commandments: ReadonlyMap<string, readonly string[]>,
): string[] {
  return [...new Set(['all', ...tags].flatMap((tag) => commandments.get(tag) ?? []))]
}

/** Rules as a markdown list; a rule of several lines stays one item. */
export function ruleList(rules: readonly string[]): Woven {
  if (rules.length === 0) return [generated('list of rules', '_No rules apply._')]
  return rules.map((rule, at): Piece => {
    const item = `- ${rule.trim().replaceAll('\n', '\n  ')}`
    return { text: at === 0 ? item : `\n${item}`, from: { kind: 'rule', rule } }
  })
}
