import type { IncomingMessage, ServerResponse } from 'node:http'
import { visible } from '../../schemas/hidden-text.ts'

/** One request and how it was answered: no headers, no query, nothing that could be a secret. */
export interface Access {
  readonly method: string
  /** Path as it was asked for. */
  readonly path: string
  /** Pattern of the route that answered; `none` when there was none. */
  readonly route: string
  readonly status: number
  /** False when the client or the server hung up before the end. */
  readonly isWhole: boolean
  readonly seconds: number
}

/** Tells of a request once it is over. */
export function watchAccess(
  request: IncomingMessage,
  response: ServerResponse,
  tell: (access: Access) => void,
): void {
  const started = performance.now()
  response.on('close', () => {
    tell({
      method: request.method ?? '',
      path: pathOf(request.url ?? ''),
      route: (response as Routed)[ROUTE] ?? 'none',
      status: response.statusCode,
      isWhole: response.writableFinished,
      seconds: (performance.now() - started) / 1_000,
    })
  })
}

/** Notes which route answers. */
export function routedBy(response: ServerResponse, path: string): void {
  ;(response as Routed)[ROUTE] = path
}

const ROUTE = Symbol('route')
type Routed = ServerResponse & { [ROUTE]?: string }

function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** A path for people: bounded, and with nothing hidden in it. */
export function shortPath(path: string): string {
  return visible(path.length > 200 ? `${path.slice(0, 200)}…` : path)
}

/** Milliseconds with as many digits as anybody reads. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 100_000) / 100
}
