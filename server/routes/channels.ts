import { Router } from 'express'
import type { ChannelList } from '../../schemas/channel.ts'
import { statusOf } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { sendJson, sendNotFound } from '../http/reply.ts'

/** What is served under which name, and what the last build of each channel found. */
export function channelRoutes(state: ServingState): Router {
  const router = Router({ strict: true, caseSensitive: true })
  router.get('/channels', (_request, response) => {
    const list: ChannelList = { root: state.root, channels: state.channels().map(statusOf) }
    sendJson(response, 200, list)
  })
  router.get('/channels/:channel', (request, response) => {
    const channel = state.channel(request.params.channel)
    if (channel === undefined) return sendNotFound(request, response)
    sendJson(response, 200, statusOf(channel))
  })
  return router
}
