import { type Request, type Response, Router } from 'express'
import { releaseId } from '../../schemas/release.ts'
import type { Channel } from '../channels/channel.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { sendError, sendFile, sendNotFound } from '../http/reply.ts'
import type { ServedRelease } from '../store/served-release.ts'

/** A file of a release answers under three names: its own, and two that older callers use. */
const FILES = ['/:file', '/agents/:file', '/skills/:file'] as const

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** Menus, manifest, prompts, skills and bundles: at `/`, at `/channels/<name>/` and at `/v/<release>/`. */
export function wizardRoutes(state: ServingState): Router {
  const router = Router({ strict: true, caseSensitive: true })
  router.get(under('/v/:release'), async (request, response) => {
    const id = String(request.params.release)
    const release = releaseId.safeParse(id).success ? await state.release(id) : undefined
    await answer(request, response, { release, cacheControl: IMMUTABLE })
  })
  router.get(under('/channels/:channel'), (request, response) =>
    answerFrom(state.channel(String(request.params.channel)), request, response),
  )
  router.get(under(''), (request, response) => answerFrom(state.channel(state.root), request, response))
  return router
}

function under(prefix: string): string[] {
  return FILES.map((file) => `${prefix}${file}`)
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
  await answer(request, response, { release: channel.release, cacheControl: 'no-cache' })
}

interface Source {
  readonly release: ServedRelease | undefined
  readonly cacheControl: string
}

async function answer(request: Request, response: Response, source: Source): Promise<void> {
  const { release, cacheControl } = source
  const origin: string = response.locals.origin
  const file = release?.file(String(request.params.file), origin)
  if (release === undefined || file === undefined) return sendNotFound(request, response)
  response.setHeader('Mill-Release', release.id)
  response.setHeader('Cache-Control', cacheControl)
  await sendFile(request, response, file)
}
