import { refusalSchema } from '../../schemas/answers.ts'
import { type ChannelList, channelListSchema, channelStatusSchema } from '../../schemas/channel.ts'
import { statusOf } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { sendJson, sendNotFound } from '../http/reply.ts'
import { json, type Route } from '../http/route.ts'

/** What is served under which name, and what the last build of each channel found. */
export function channelRoutes(state: ServingState): readonly Route[] {
  return [
    {
      path: '/channels',
      summary: 'Every channel, and the one answered at /',
      replies: { 200: json('The channels', channelListSchema) },
      answer: (_request, response) => {
        const list: ChannelList = { root: state.root, channels: state.channels().map(statusOf) }
        sendJson(response, 200, list)
      },
    },
    {
      path: '/channels/:channel',
      summary: 'One channel: what it answers with, and what its last build found',
      parameters: { channel: 'Name of a channel' },
      replies: {
        200: json('The channel', channelStatusSchema),
        404: json('There is no such channel', refusalSchema),
      },
      answer: (request, response) => {
        const channel = state.channel(String(request.params.channel))
        if (channel === undefined) return sendNotFound(request, response)
        sendJson(response, 200, statusOf(channel))
      },
    },
  ]
}
