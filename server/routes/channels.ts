import { refusalSchema } from '../../schemas/answers.ts'
import { type ChannelList, channelListSchema, channelStatusSchema } from '../../schemas/channel.ts'
import { statusOf } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { FRESH, sendFile, sendNotFound } from '../http/reply.ts'
import { json, type Route, UNCHANGED } from '../http/route.ts'
import { jsonFiles } from '../http/text-file.ts'

/** What is served under which name, and what the last build of each channel found. */
export function channelRoutes(state: ServingState): readonly Route[] {
  const [listFile, channelFile] = [jsonFiles(), jsonFiles()]
  return [
    {
      path: '/channels',
      summary: 'Every channel, and the one answered at /',
      replies: { 200: json('The channels', channelListSchema), 304: UNCHANGED },
      answer: (request, response) => {
        const list: ChannelList = { root: state.root, channels: state.channels().map(statusOf) }
        return sendFile(request, response, { ...listFile(list), headers: FRESH })
      },
    },
    {
      path: '/channels/:channel',
      summary: 'One channel: what it answers with, and what its last build found',
      parameters: { channel: 'Name of a channel' },
      replies: {
        200: json('The channel', channelStatusSchema),
        304: UNCHANGED,
        404: json('There is no such channel', refusalSchema),
      },
      answer: (request, response) => {
        const channel = state.channel(String(request.params.channel))
        if (channel === undefined) return sendNotFound(request, response)
        return sendFile(request, response, { ...channelFile(statusOf(channel)), headers: FRESH })
      },
    },
  ]
}
