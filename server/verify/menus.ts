import type { z } from 'zod'
import { agentMenuSchema } from '../../schemas/agent-menu.ts'
import { jsonOf } from '../../schemas/json-text.ts'
import { manifestSchema } from '../../schemas/manifest.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'
import type { Check } from './check.ts'
import { differenceOf } from './difference.ts'

/** A menu as it came, and as the index implies it. */
export interface Menu {
  readonly name: MenuName
  readonly path: string
  readonly expected: Uint8Array
  readonly came: Uint8Array
}

export const MENUS = {
  'agent-menu.json': ['agent-menu', agentMenuSchema],
  'skill-menu.json': ['skill-menu', skillMenuSchema],
  'manifest.json': ['manifest', manifestSchema],
} as const satisfies Record<string, readonly [code: string, schema: z.ZodType]>
export type MenuName = keyof typeof MENUS

/** Keys whose values are addresses. */
const LINKS: ReadonlySet<unknown> = new Set(['downloadUrl', 'releaseUrl', 'text'])

/** Holds a menu against what the index implies; true when it says that, in whatever bytes. */
export function verifyMenu(check: Check, { name, path, expected, came }: Menu): boolean {
  if (Buffer.compare(expected, came) === 0) return true
  const [code, schema] = MENUS[name]
  const value = jsonOf(came)
  const problem = schema.safeParse(value).error?.issues[0]
  if (problem !== undefined) {
    const place = problem.path.length === 0 ? '' : ` at ${problem.path.join('.')}`
    check.report(code, path, { expected: `a ${name}`, came: `${problem.message}${place}` })
    return false
  }
  const difference = differenceOf(jsonOf(expected), value)
  if (difference === undefined) return true
  const place = difference.path.join('.')
  const link = LINKS.has(difference.path.at(-1)) && /^"https?:/.test(difference.expected)
  check.report(link ? 'link' : code, path, {
    expected: `${difference.expected} at ${place}`,
    came: difference.came,
  })
  return false
}
