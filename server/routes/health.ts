import { healthSchema } from '../../schemas/answers.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { sendJson } from '../http/reply.ts'
import { json, type Route } from '../http/route.ts'

/** Whether the process answers at all; what it serves is told by `/channels`. */
export function healthRoutes(state: ServingState): readonly Route[] {
  return [
    {
      path: '/healthz',
      summary: 'Whether the server answers, and the status of each channel',
      replies: { 200: json('It answers', healthSchema) },
      answer: (_request, response) => {
        const channels = Object.fromEntries(state.channels().map(({ name, status }) => [name, status]))
        sendJson(response, 200, { status: 'ok', root: state.root, channels })
      },
    },
  ]
}
