import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { agentMenuSchema, flowBundleSchema } from '../../schemas/agent-menu.ts'
import { refusalSchema } from '../../schemas/answers.ts'
import { manifestSchema } from '../../schemas/manifest.ts'
import { releaseId } from '../../schemas/release.ts'
import { skillBundleSchema } from '../../schemas/skill.ts'
import { skillMenuSchema } from '../../schemas/skill-menu.ts'
import type { Channel } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { routedBy } from '../http/access.ts'
import { FOREVER, FRESH, SAFE_HEADERS, sendError, sendFile, sendNotFound } from '../http/reply.ts'
import { json, type Reply, type Route, UNCHANGED } from '../http/route.ts'
import type { ServedRelease } from '../store/served-release.ts'

/** A file of a release answers under three names: its own, and two that older callers use. */
const FILES = ['/:file', '/agents/:file', '/skills/:file'] as const

const FILE: Reply = {
  description: 'The file, in the coding asked for',
  content: {
    'application/json': z.union([
      agentMenuSchema,
      skillMenuSchema,
      manifestSchema,
      flowBundleSchema,
      skillBundleSchema,
    ]),
    'text/markdown': null,
    'text/plain': null,
    'application/zip': null,
  },
}
const FILE_REPLIES = {
  200: FILE,
  206: { description: 'The part of it that was asked for', content: { '*/*': null } },
  304: UNCHANGED,
  404: json('There is no such file', refusalSchema),
  416: json('The range is not within the file', refusalSchema),
} as const
const CHANNEL_REPLIES = { ...FILE_REPLIES, 503: json('The channel has nothing to serve yet', refusalSchema) }

/** Menus, manifest, prompts, skills and bundles: at `/`, at `/channels/<name>/` and at `/v/<release>/`. */
export function wizardRoutes(state: ServingState): readonly Route[] {
  const fromRelease = async (request: Request, response: Response) => {
    const release = await releaseOf(state, String(request.params.release))
    await answer(request, response, { release, headers: FOREVER })
  }
  const fromChannel = (request: Request, response: Response) =>
    answerFrom(state.channel(String(request.params.channel ?? state.root)), request, response)
  const file = 'Name of a file, as menus tell it'
  return [
    ...FILES.map((name) => ({
      path: `/v/:release${name}`,
      summary: 'A file of one release; it never changes',
      parameters: { release: 'Id of a release', file },
      replies: FILE_REPLIES,
      answer: fromRelease,
    })),
    ...FILES.map((name) => ({
      path: `/channels/:channel${name}`,
      summary: 'A file of what a channel answers with now',
      parameters: { channel: 'Name of a channel', file },
      replies: CHANNEL_REPLIES,
      answer: fromChannel,
    })),
    ...FILES.map((name) => ({
      path: name,
      summary: 'A file of what the channel at / answers with now',
      parameters: { file },
      replies: CHANNEL_REPLIES,
      answer: fromChannel,
    })),
  ]
}

const RELEASE_FILE = /^\/v\/([0-9a-f]{64})\/(?:agents\/|skills\/)?([A-Za-z0-9._-]+)(?:\?|$)/

/** Answers a file of a release without the router, in the very words of its route; false leaves the request to that. */
export function releaseFiles(state: ServingState) {
  return (request: IncomingMessage, response: ServerResponse, origin: string): boolean | Promise<boolean> => {
    const [, id, name] = RELEASE_FILE.exec(request.url ?? '') ?? []
    if (id === undefined || name === undefined) return false
    const answerFrom = (release: ServedRelease | undefined): boolean | Promise<boolean> => {
      const file = release?.file(name, origin)
      if (release === undefined || file === undefined) return false
      routedBy(response, '/v/:release/:file')
      const headers = [...SAFE_HEADERS, 'Mill-Release', release.id, ...FOREVER]
      const sent = sendFile(request, response, { ...file, headers })
      return sent instanceof Promise ? sent.then(() => true) : true
    }
    // Nothing is waited for that is at hand: this is what most requests are for.
    const release = state.release(id)
    return release instanceof Promise ? release.then(answerFrom) : answerFrom(release)
  }
}

async function releaseOf(state: ServingState, id: string): Promise<ServedRelease | undefined> {
  return releaseId.safeParse(id).success ? await state.release(id) : undefined
}

async function answerFrom(channel: Channel | undefined, request: Request, response: Response): Promise<void> {
  if (channel === undefined) return sendNotFound(request, response)
  response.setHeader('Mill-Channel', channel.name)
  if (channel.status === 'empty') {
    return sendError(response, 503, {
      code: 'channel/empty',
      message: `Channel "${channel.name}" has nothing to serve yet: expected a build with at least one sound file, see /channels/${channel.name}`,
    })
  }
  if (channel.status !== 'live') response.setHeader('Mill-Status', channel.status)
  await answer(request, response, { release: channel.release, headers: FRESH })
}

interface Source {
  readonly release: ServedRelease | undefined
  readonly headers: readonly string[]
}

async function answer(request: Request, response: Response, { release, headers }: Source): Promise<void> {
  const file = release?.file(String(request.params.file), response.locals.origin)
  if (release === undefined || file === undefined) return sendNotFound(request, response)
  await sendFile(request, response, { ...file, headers: ['Mill-Release', release.id, ...headers] })
}
