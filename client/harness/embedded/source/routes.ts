import { bracketed, type Span } from './statements.ts'
import type { Point } from './success.ts'

/** A route that changes something, with the function that answers it. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly body: Span
  /** Names of the handler's first two parameters. */
  readonly request: string
  readonly response: string
}

const ROUTE = /\b\w+\.(post|put|patch|delete)\(\s*(["'`])(\/[^"'`]*)\2\s*,/g
const HANDLER =
  /(?:async\s+)?(?:function\s*\w*\s*)?\(\s*(\w+)\s*,\s*(\w+)\s*(?:,\s*\w+\s*)?\)\s*(?:=>\s*)?\{/g

/** Routes of an Express file whose handler stands in the call itself, in the order of the text. */
export function routesIn(text: string): readonly Route[] {
  return [...text.matchAll(ROUTE)].flatMap((match) => {
    const opening = text.indexOf('(', match.index)
    const call = bracketed(text, opening)
    if (!call) return []
    const handler = [...text.slice(call.start, call.end).matchAll(HANDLER)].at(0)
    if (!handler) return []
    const body = bracketed(text, call.start + handler.index + handler[0].length - 1)
    if (!body) return []
    const [, request = '', response = ''] = handler
    return [{ method: (match[1] ?? '').toUpperCase(), path: match[3] ?? '', body, request, response }]
  })
}

/** Just in front of the reply that a handler ends with; undefined when it does not end with one. */
export function replyOf(text: string, { body, response }: Route): Point | undefined {
  const reply = new RegExp(
    `^[ \\t]*(?:return\\s+)?${response}\\s*\\.(?:status\\([^)]*\\)\\s*\\.)?(?:json|send|redirect|end|sendStatus|render)\\(`,
    'gm',
  )
  const replies = [...text.slice(body.start, body.end).matchAll(reply)]
  const last = replies
    .map(({ index }) => body.start + index)
    .filter((at) => depthIn(text, body, at) === 1)
    .at(-1)
  return last === undefined ? undefined : { at: last, like: last + 1 }
}

function depthIn(text: string, body: Span, at: number): number {
  let depth = 0
  let index = body.start
  while (index < at) {
    if (text[index] === '{') {
      const span = bracketed(text, index)
      if (span && span.end <= at) {
        index = span.end
        continue
      }
      depth += 1
    }
    index += 1
  }
  return depth
}

/** True for routes that start or end a session. */
export function isLogin(path: string): boolean {
  return /\/(log-?in|sign-?in|sessions?)\b/i.test(path)
}
