import type { Request, Response } from 'express'
import { refusalSchema } from '../../schemas/answers.ts'
import { releaseId } from '../../schemas/release.ts'
import { openCatalog } from '../catalog/catalog.ts'
import { channelsView, findingsView } from '../catalog/channel-views.ts'
import type { Frames } from '../catalog/frames.ts'
import { textAt } from '../catalog/texts.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { FOREVER, FRESH, sendError, sendFile, sendNotFound } from '../http/reply.ts'
import { json, type Reply, type Route, UNCHANGED } from '../http/route.ts'
import { jsonFiles, textFile } from '../http/text-file.ts'
import type { ServedFile, ServedRelease } from '../store/served-release.ts'

/** What the catalog page asks for: made for this page, and no promise to anybody else. */
export function catalogRoutes(state: ServingState, frameOf: Frames['of']): readonly Route[] {
  const catalog = openCatalog()
  const releaseOf = async (id: unknown) =>
    releaseId.safeParse(id).success ? await state.release(String(id)) : undefined
  const of = (make: Make) => async (request: Request, response: Response) => {
    const release = await releaseOf(request.params.release)
    const file = release === undefined ? 'nothing' : await make(release, request)
    if (file === 'nothing') return sendNotFound(request, response)
    if (file === undefined) return sendTooSlow(response)
    await sendFile(request, response, { ...file, headers: FOREVER })
  }
  const raw: Make = ({ release }, request) => {
    const text = textAt(release, placeOf(request))
    return text === undefined ? 'nothing' : textFile(text, 'text/plain')
  }
  const rendered: Make = ({ release }, request) => {
    const text = textAt(release, placeOf(request))
    return text === undefined ? 'nothing' : catalog.rendered(text)
  }
  return [
    ...channelViews(state, frameOf),
    {
      path: `${RELEASE}/view`,
      summary: 'What a release holds, as the catalog page tells it',
      parameters: { release: 'Id of a release' },
      replies: repliesOf('What it holds'),
      answer: of((release) => catalog.view(release)),
    },
    {
      path: `${RELEASE}/search/:query`,
      summary: 'Texts of a release that hold some words',
      parameters: { release: 'Id of a release', query: 'What is searched for' },
      replies: repliesOf('The first hit of each text'),
      answer: of((release, { params }) => catalog.search(release, String(params.query).slice(0, 200))),
    },
    {
      path: `${RELEASE}/diff/:other`,
      summary: 'What differs in another release, by who reads it',
      parameters: { release: 'Id of a release', other: 'Id of the release that came after' },
      replies: repliesOf('What differs'),
      answer: of(async (release, { params }) => {
        const other = await releaseOf(params.other)
        return other === undefined ? 'nothing' : catalog.diff(release, other)
      }),
    },
    ...textRoutes('raw', { summary: 'A text of a release as it is written', answer: of(raw) }),
    ...textRoutes('rendered', { summary: 'A text of a release as safe HTML', answer: of(rendered) }),
  ]
}

const RELEASE = '/catalog/releases/:release'

/** What there is of a release; undefined when it took too long. */
type Made = ServedFile | undefined | 'nothing'
type Make = (release: ServedRelease, request: Request) => Made | Promise<Made>

function channelViews(state: ServingState, frameOf: Frames['of']): readonly Route[] {
  const replies = { 200: reply('The view'), 304: UNCHANGED }
  const [channelsFile, findingsFile] = [jsonFiles(), jsonFiles()]
  return [
    {
      path: '/catalog/channels',
      summary: 'Every channel in one line, as the catalog page tells it',
      replies,
      answer: (request, response) =>
        sendFile(request, response, { ...channelsFile(channelsView(state)), headers: FRESH }),
    },
    {
      path: '/catalog/channels/:channel/findings',
      summary: 'What the last build of a channel found, with the lines it found it in',
      parameters: { channel: 'Name of a channel' },
      replies: { ...replies, 404: json('There is no such channel', refusalSchema) },
      answer: async (request, response) => {
        const channel = state.channel(String(request.params.channel))
        if (channel === undefined) return sendNotFound(request, response)
        await sendFile(request, response, { ...findingsFile(findingsView(channel, frameOf)), headers: FRESH })
      },
    },
  ]
}

function textRoutes(
  form: 'raw' | 'rendered',
  { summary, answer }: Pick<Route, 'summary' | 'answer'>,
): readonly Route[] {
  const parameters = {
    release: 'Id of a release',
    kind: '"agent", "skill" or "doc"',
    name: 'Flow, id of a skill, or id of a document',
  }
  const replies = repliesOf('The text')
  const path = `${RELEASE}/${form}/:kind/:name`
  return [
    { path, summary, parameters, replies, answer },
    {
      path: `${path}/:file`,
      summary,
      parameters: { ...parameters, file: 'Task type, or path of a file in the skill' },
      replies,
      answer,
    },
  ]
}

/** Names as a request has them: whatever they are, they are only ever compared. */
function placeOf({ params }: Request) {
  return { kind: String(params.kind), name: String(params.name), path: String(params.file ?? '') }
}

function reply(description: string): Reply {
  return { description, content: { 'application/json': null, 'text/plain': null, 'text/html': null } }
}

function repliesOf(description: string): Route['replies'] {
  return {
    200: reply(description),
    304: UNCHANGED,
    404: json('There is no such thing', refusalSchema),
    503: json('It took too long', refusalSchema),
  }
}

function sendTooSlow(response: Response): void {
  response.setHeader('Retry-After', '5')
  sendError(response, 503, {
    code: 'catalog/too-slow',
    message: 'Cannot show this in time: expected a shorter text, or fewer requests at once',
  })
}
