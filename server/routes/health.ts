import { Router } from 'express'
import type { ServingState } from '../channels/serving-state.ts'
import { sendJson } from '../http/reply.ts'

/** Whether the process answers at all; what it serves is told by `/channels`. */
export function healthRoutes(state: ServingState): Router {
  const router = Router({ strict: true, caseSensitive: true })
  router.get('/healthz', (_request, response) => {
    const channels = Object.fromEntries(state.channels().map(({ name, status }) => [name, status]))
    sendJson(response, 200, { status: 'ok', root: state.root, channels })
  })
  return router
}
