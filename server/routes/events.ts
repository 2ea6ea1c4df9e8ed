import { refusalSchema } from '../../schemas/answers.ts'
import { serverEventSchema } from '../../schemas/server-event.ts'
import type { EventStreams } from '../http/events/streams.ts'
import { json, type Route } from '../http/route.ts'

/** What happens on the server, as it happens. */
export function eventRoutes({ answer }: EventStreams): readonly Route[] {
  return [
    {
      path: '/events',
      summary:
        'Builds, publishes, findings and changes of channels as server-sent events; Last-Event-ID asks for what was missed',
      replies: {
        200: {
          description: 'A stream that goes on; each data line is one event',
          content: { 'text/event-stream': serverEventSchema },
        },
        503: json('Too many streams are open', refusalSchema),
      },
      answer,
    },
  ]
}
