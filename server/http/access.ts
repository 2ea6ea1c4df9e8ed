import type { IncomingMessage, ServerResponse } from 'node:http'

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
      route: routes.get(response) ?? 'none',
      status: response.statusCode,
      isWhole: response.writableFinished,
      seconds: (performance.now() - started) / 1_000,
    })
  })
}

/** Notes which route answers. */
export function routedBy(response: ServerResponse, path: string): void {
  routes.set(response, path)
}

const routes = new WeakMap<ServerResponse, string>()

function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}
