import type { PolicyTools } from '../../../policy.ts'
import { successPoint } from '../../../source/success.ts'
import type { PlannedEvent } from '../capture-plan.ts'
import { eventName, isPersonal } from '../event-name.ts'
import { aboutSessions, type Handler, handlers } from './handlers.ts'

/** Actions of people in client components, each with the handler that carries it out. */
export async function actions(tools: PolicyTools): Promise<readonly PlannedEvent[]> {
  const all = await handlers(tools)
  return all.flatMap((handler) => {
    const { file, text, name, request } = handler
    const event = aboutSessions(request) ? undefined : eventName(request.method, request.url)
    if (event === undefined || !successPoint(text, name)) return []
    const why = `${request.method} ${request.url} is sent when a person acts`
    return [{ name: event, file, handler: name, properties: lengths(handler), why }]
  })
}

/** Lengths of the texts that are sent, never the texts. */
function lengths({ text, request }: Handler): Readonly<Record<string, string>> {
  const typed = request.sent.filter(
    (name) =>
      !isPersonal(name) &&
      new RegExp(`\\[${name},[^\\]]*\\]\\s*=\\s*useState(<string>)?\\(["'\`]`).test(text),
  )
  return Object.fromEntries(typed.map((name) => [`${snake(name)}_length`, `${name}.length`]))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, '')
}
