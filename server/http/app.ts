import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { ServingState } from '../channels/serving-state.ts'
import { channelRoutes } from '../routes/channels.ts'
import { healthRoutes } from '../routes/health.ts'
import { wizardRoutes } from '../routes/wizard.ts'
import { judgeHost } from './host.ts'
import { sendError, sendNotFound } from './reply.ts'

/** What `createApp` tells the world beside its replies. */
export interface AppOptions {
  /** Told of every error that is our bug. Must not throw. */
  readonly onBug: (error: unknown) => void
}

/** The server's routes as a value, without a port. */
export function createApp(state: ServingState, options: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.use(guardHost, readOnly)
  app.use(healthRoutes(state), channelRoutes(state), wizardRoutes(state))
  app.use(sendNotFound)
  app.use(refuseWithoutStack(options))
  return app
}

const guardHost: RequestHandler = (request, response, next) => {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  const verdict = judgeHost(request)
  if (!verdict.ok)
    return sendError(response, verdict.status, { code: 'request/host', message: verdict.message })
  response.locals.origin = verdict.origin
  next()
}

const readOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') return next()
  response.setHeader('Allow', 'GET, HEAD')
  sendError(response, 405, {
    code: 'request/method',
    message: `Cannot answer ${request.method}: expected GET or HEAD`,
  })
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
    options.onBug(error)
    if (response.headersSent) response.destroy()
    else
      sendError(response, 500, {
        code: 'server/bug',
        message: 'Cannot answer: the server has a bug, see its log',
      })
  }
}
