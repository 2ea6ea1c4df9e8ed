import { functionBody, type Span, statementEnd } from './statements.ts'

/** A line start where new code goes, and a position whose indentation it takes. */
export interface Point {
  readonly at: number
  readonly like: number
}

export interface Request {
  readonly url: string
  readonly method: string
  /** Identifiers that are sent in the body. */
  readonly sent: readonly string[]
}

/** The request that a handler sends; undefined when it sends none, or more than a reader of lines can follow. */
export function requestIn(text: string, handler: string): Request | undefined {
  const body = functionBody(text, handler)
  const call = body && fetchIn(text, body)
  if (!call) return undefined
  const shown = text.slice(call.start, call.end)
  const url = /fetch\(\s*["'`]([^"'`]+)["'`]/.exec(shown)?.[1]
  if (url === undefined) return undefined
  const sent = /JSON\.stringify\(\{([^{}]*)\}\)/.exec(shown)?.[1] ?? ''
  return {
    url,
    method: /method:\s*["'`]([A-Z]+)["'`]/.exec(shown)?.[1] ?? 'GET',
    sent: sent.split(',').flatMap((part) => /^\s*(?:\w+:\s*)?([A-Za-z_$]\w*)\s*$/.exec(part)?.[1] ?? []),
  }
}

/** Where a handler's request is known to have succeeded: behind the check of its response, or the request itself. */
export function successPoint(text: string, handler: string): Point | undefined {
  const body = functionBody(text, handler)
  const call = body && fetchIn(text, body)
  if (!body || !call) return undefined
  if (call.name === undefined) return { at: call.end, like: call.start }
  const rest = text.slice(call.end, body.end)
  const name = call.name.replaceAll('$', '\\$')
  const check = new RegExp(`\\bif \\(!${name}\\.ok\\b`).exec(rest)
  if (check) {
    const at = statementEnd(text, call.end + check.index)
    // An else branch is where it succeeds; that is more than a rule should guess at.
    return /\belse\b/.test(text.slice(call.end + check.index, at)) ? undefined : { at, like: call.start }
  }
  const taken = new RegExp(`\\bif \\(${name}\\.ok\\) \\{[ \\t]*\\r?\\n`).exec(rest)
  if (taken) {
    const at = call.end + taken.index + taken[0].length
    return { at, like: at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0) }
  }
  return { at: call.end, like: call.start }
}

/** Where the reply to a handler's request has been read, and the name it was read into. */
export function replyPoint(
  text: string,
  handler: string,
): (Point & { readonly names: readonly string[]; readonly whole: boolean }) | undefined {
  const success = successPoint(text, handler)
  const body = functionBody(text, handler)
  if (!success || !body) return undefined
  const rest = text.slice(success.at, body.end)
  const read = /(?:const|let)\s+(?:\{([^{}]*)\}|(\w+))(?:\s*:[^=]+)?\s*=\s*\(?\s*await\s+\w+\.json\(\)/.exec(
    rest,
  )
  if (!read) return undefined
  const start = success.at + read.index
  const names = (read[1] ?? read[2] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^\w+$/.test(name))
  return { at: statementEnd(text, start), like: start, names, whole: read[2] !== undefined }
}

function fetchIn(text: string, body: Span): (Span & { readonly name?: string }) | undefined {
  const calls = [
    ...text.slice(body.start, body.end).matchAll(/(?:(?:const|let)\s+(\w+)\s*=\s*)?await\s+fetch\(/g),
  ]
  const [call] = calls
  if (!call || calls.length > 1) return undefined
  const start = body.start + call.index
  const name = call[1]
  return { start, end: statementEnd(text, start), ...(name === undefined ? {} : { name }) }
}
