import type { RequestListener, ServerResponse } from 'node:http'
import express, { type ErrorRequestHandler, type Express } from 'express'
import { type Frames, openFrames } from '../catalog/frames.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { assignRoutes } from '../routes/assign.ts'
import { catalogRoutes } from '../routes/catalog.ts'
import { channelRoutes } from '../routes/channels.ts'
import { eventRoutes } from '../routes/events.ts'
import { healthRoutes } from '../routes/health.ts'
import { metricRoutes } from '../routes/metrics.ts'
import { openApiRoutes } from '../routes/openapi.ts'
import { pageRoutes } from '../routes/page.ts'
import { releaseFiles, wizardRoutes } from '../routes/wizard.ts'
import { type Access, watchAccess } from './access.ts'
import { openEventStreams } from './events/streams.ts'
import { hasBody, judgeRequest, type Verdict } from './guard.ts'
import { sendError, sendNotFound, setSafeHeaders } from './reply.ts'
import { type Route, routerOf } from './route.ts'
import { openTelemetry, type Telemetry } from './telemetry.ts'

/** What `createApp` tells the world beside its replies, and what it is told. */
export interface AppOptions {
  /** Told of every error that is our bug. Must not throw. */
  readonly onBug: (error: unknown) => void
  /** Told of every request once it is over. Must not throw. */
  readonly onAccess?: ((access: Access) => void) | undefined
  readonly telemetry?: Telemetry
  /** Lines around findings, as far as they were kept. */
  readonly frameOf?: Frames['of']
  /** Ends what would never end by itself. */
  readonly signal?: AbortSignal
}

/** Every route of the server. A path that two of them match is answered by the first. */
export function routesOf(
  state: ServingState,
  options: Pick<AppOptions, 'telemetry' | 'signal' | 'frameOf'> = {},
): readonly Route[] {
  const {
    telemetry = openTelemetry(),
    signal = new AbortController().signal,
    frameOf = openFrames().of,
  } = options
  const { hub, metrics, traffic } = telemetry
  const streams = openEventStreams({ hub, signal })
  const figures = () => ({
    channels: state.channels(),
    exposures: state.experiments.exposures(),
    streams: streams.count(),
    traffic: traffic.now(),
  })
  const routes = [
    ...healthRoutes(state),
    ...channelRoutes(state),
    ...assignRoutes(state),
    ...eventRoutes(streams),
    ...metricRoutes(metrics, figures),
    ...catalogRoutes(state, frameOf),
    ...pageRoutes(state),
    ...wizardRoutes(state),
  ]
  return [...openApiRoutes(routes), ...routes]
}

/**
 * The server as a value, without a port: every request is judged, then answered by a route. Files below `/v/`, which
 * is where menus send clients, do not pass through Express: it costs as much again as sending them.
 */
export function createApp(state: ServingState, options: AppOptions): RequestListener {
  const { telemetry = openTelemetry(), onAccess } = options
  const app = expressApp(routesOf(state, { ...options, telemetry }), options)
  const answerQuickly = releaseFiles(state)
  const tell = (access: Access) => {
    telemetry.metrics.access(access)
    onAccess?.(access)
  }
  return (request, response) => {
    watchAccess(request, response, tell)
    const verdict = judgeRequest(request)
    if (hasBody(request)) response.setHeader('Connection', 'close')
    if (!verdict.ok) return refuse(response, verdict)
    const goOn = (isAnswered: boolean) => void (isAnswered || app(request, response))
    const fail = (error: unknown) => confess(response, error, options)
    try {
      const answer = answerQuickly(request, response, verdict.origin)
      if (answer instanceof Promise) answer.then(goOn).catch(fail)
      else goOn(answer)
    } catch (error) {
      fail(error)
    }
  }
}

function refuse(response: ServerResponse, { status, code, message }: Verdict & { ok: false }): void {
  // Nobody knows what such a client says next.
  response.setHeader('Connection', 'close')
  if (status === 405) response.setHeader('Allow', 'GET, HEAD')
  sendError(response, status, { code, message })
}

function expressApp(routes: readonly Route[], options: AppOptions): Express {
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
  app.use(routerOf(routes))
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
