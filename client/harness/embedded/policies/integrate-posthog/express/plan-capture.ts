import { grep, read } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import { isLogin, type Route, replyOf, routesIn } from '../../../source/routes.ts'
import type { PlannedEvent } from '../capture-plan.ts'
import { eventName, isPersonal } from '../event-name.ts'

/** Routes that change something, each with what it was sent. */
export async function actions(tools: PolicyTools): Promise<readonly PlannedEvent[]> {
  const hits = await grep(tools, '\\.(post|put|patch|delete)\\(\\s*["\'`]/')
  const found: PlannedEvent[] = []
  for (const file of new Set(hits.map((hit) => hit.file))) {
    const text = (await read(tools, file)) ?? ''
    found.push(...routesIn(text).flatMap((route) => planned(text, file, route)))
  }
  return found
}

function planned(text: string, file: string, route: Route): readonly PlannedEvent[] {
  const { method, path } = route
  const name = isLogin(path) || /log-?out|sign-?out/i.test(path) ? undefined : eventName(method, path)
  if (name === undefined || !replyOf(text, route)) return []
  const why = `${method} ${path} is called when a person acts`
  return [{ name, file, handler: `${method} ${path}`, properties: lengths(text, route), why }]
}

/** Lengths of what a check has shown to be there; never the values. */
function lengths(text: string, { body, request }: Route): Readonly<Record<string, string>> {
  const handled = text.slice(body.start, body.end)
  const taken = new RegExp(`\\{([^{}]*)\\}\\s*=\\s*${request}\\.body`).exec(handled)?.[1] ?? ''
  const names = taken.split(',').map((part) => part.trim())
  const texts = names.filter(
    (name) => /^(text|title|message|content|description|comment)$/.test(name) && !isPersonal(name),
  )
  return Object.fromEntries(texts.map((name) => [`${name}_length`, `${name}.length`]))
}
