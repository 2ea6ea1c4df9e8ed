import { grep, read } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import { type Request, requestIn } from '../../../source/success.ts'

/** A function that runs when a person does something, and the request it sends. */
export interface Handler {
  readonly file: string
  readonly text: string
  readonly name: string
  readonly request: Request
}

/** Handlers of forms and buttons in client components, in the order of their files. */
export async function handlers(tools: PolicyTools): Promise<readonly Handler[]> {
  const hits = await grep(tools, '\\bon(Submit|Click)=\\{\\w+\\}', '**/*.{jsx,tsx}')
  const found = new Map<string, Handler>()
  for (const { file, line } of hits) {
    const name = /\bon(?:Submit|Click)=\{(\w+)\}/.exec(line)?.[1] ?? ''
    const text = found.get(`${file} ${name}`)?.text ?? (await read(tools, file)) ?? ''
    const request = requestIn(text, name)
    if (request && /^\s*(["'])use client\1/.test(text))
      found.set(`${file} ${name}`, { file, text, name, request })
  }
  return [...found.values()]
}

/** True for requests that start or end a session. */
export function aboutSessions({ url }: Request): 'login' | 'logout' | undefined {
  if (/\/(log-?out|sign-?out)\b/i.test(url)) return 'logout'
  return /\/(log-?in|sign-?in|sessions?)\b/i.test(url) ? 'login' : undefined
}
