import type { RequestListener, ServerResponse } from 'node:http'
import express, { type ErrorRequestHandler, type Express } from 'express'
import type { ServingState } from '../channels/serving-state.ts'
import { channelRoutes } from '../routes/channels.ts'
import { healthRoutes } from '../routes/health.ts'
import { releaseFiles, wizardRoutes } from '../routes/wizard.ts'
import { hasBody, judgeRequest, type Verdict } from './guard.ts'
import { sendError, sendNotFound, setSafeHeaders } from './reply.ts'
import { type Route, routerOf } from './route.ts'

/** What `createApp` tells the world beside its replies. */
export interface AppOptions {
  /** Told of every error that is our bug. Must not throw. */
  readonly onBug: (error: unknown) => void
}

/** Every route of the server. A path that two of them match is answered by the first. */
export function routesOf(state: ServingState): readonly Route[] {
  return [...healthRoutes(state), ...channelRoutes(state), ...wizardRoutes(state)]
}

/**
 * The server as a value, without a port: every request is judged, then answered by a route. Files below `/v/`, which
 * is where menus send clients, do not pass through Express: it costs as much again as sending them.
 */
export function createApp(state: ServingState, options: AppOptions): RequestListener {
  const app = expressApp(state, options)
  const answerQuickly = releaseFiles(state)
  return (request, response) => {
    const verdict = judgeRequest(request)
    if (hasBody(request)) response.setHeader('Connection', 'close')
    if (!verdict.ok) return refuse(response, verdict)
    answerQuickly(request, response, verdict.origin).then(
      (isAnswered) => isAnswered || app(request, response),
      (error: unknown) => confess(response, error, options),
    )
  }
}

function refuse(response: ServerResponse, { status, code, message }: Verdict & { ok: false }): void {
  if (status === 405) response.setHeader('Allow', 'GET, HEAD')
  sendError(response, status, { code, message })
}

function expressApp(state: ServingState, options: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use((request, response, next) => {
    setSafeHeaders(response)
    // It was judged to be one of the names of this machine.
    response.locals.origin = `http://${request.headers.host?.toLowerCase()}`
    next()
  })
  app.use(routerOf(routesOf(state)))
  app.use(sendNotFound)
  app.use(refuseWithoutStack(options))
  return app
}

function refuseWithoutStack(options: AppOptions): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express tells an error handler by its four parameters
  return (error, _request, response, _next) => {
    const status: unknown = error?.status
    if (typeof status === 'number' && status >= 400 && status < 500) {
      return sendError(response, status, {
        code: 'request/malformed',
        message: 'Cannot read this request: expected a path with valid percent-encoding',
      })
    }
    confess(response, error, options)
  }
}

/** An error that nobody foresaw is our bug: the client learns no more than that. */
function confess(response: ServerResponse, error: unknown, { onBug }: AppOptions): void {
  onBug(error)
  if (response.headersSent) response.destroy()
  else
    sendError(response, 500, {
      code: 'server/bug',
      message: 'Cannot answer: the server has a bug, see its log',
    })
}
