import { styleOf } from '../../../source/module.ts'
import { type Route, replyOf, routesIn } from '../../../source/routes.ts'
import { insertLine } from '../../../source/statements.ts'
import type { CaptureStyle } from '../capture.ts'
import { propertiesText } from '../capture-plan.ts'
import { withClient } from './project.ts'

/** One line in the route, in front of the reply that says the action has succeeded. */
export const captureInRoute: CaptureStyle = {
  isThere: (text, { name }) => new RegExp(`event:\\s*["'\`]${name}["'\`]`).test(text),
  insert: async (text, { name, file, handler, properties }, tools) => {
    const route = routesIn(text).find(({ method, path }) => `${method} ${path}` === handler)
    const point = route && replyOf(text, route)
    if (!route || !point) return undefined
    const { quote: q, semicolon } = styleOf(text)
    const facts = propertiesText(properties)
    const person = personIn(text, route)
    const parts = [
      `distinctId: ${person ?? `${q}anonymous${q}`}`,
      `event: ${q}${name}${q}`,
      ...propertiesOf(facts, person === undefined),
    ]
    const call = `posthog?.capture({ ${parts.join(', ')} })${semicolon}`
    return withClient(tools, { file, text: insertLine(text, call, point) })
  },
}

/** Who acts, when the route knows; the same id that login identifies. */
function personIn(text: string, { body, request }: Route): string | undefined {
  const handled = text.slice(body.start, body.end)
  if (new RegExp(`\\b${request}\\.user\\b`).test(handled)) return `String(${request}.user.id)`
  const [name] = /\b(userId|user_id|authorId|author_id|author|owner)\b/.exec(handled) ?? []
  return name === undefined ? undefined : `String(${name})`
}

/** An event of nobody makes no person. */
function propertiesOf(facts: string | undefined, anonymous: boolean): readonly string[] {
  if (!anonymous) return facts === undefined ? [] : [`properties: ${facts}`]
  const inner = facts === undefined ? '' : `, ${facts.slice(2, -2)}`
  return [`properties: { $process_person_profile: false${inner} }`]
}
