import { type Request, type Response, Router } from 'express'
import type { CodeFrame } from '../../build/code-frame.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import { releaseId } from '../../schemas/release.ts'
import { openCatalog, textFile } from '../catalog/catalog.ts'
import { channelsView, findingsView } from '../catalog/channel-views.ts'
import { type TextPlace, textAt } from '../catalog/texts.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { sendError, sendFile, sendNotFound } from '../http/reply.ts'
import type { ServedFile, ServedRelease } from '../store/served-release.ts'
import { bundlePage, PAGE_POLICY, type Page } from '../web/bundle.ts'

/** What the catalog tells beside what is served. */
export interface CatalogOptions {
  /** The lines around a finding, when they were kept. */
  readonly frameOf: (diagnostic: Diagnostic) => CodeFrame | undefined
}

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** The page for people at `/` and at `/channels/<name>/`, and what it asks for below `/catalog/`. */
export function catalogRoutes(state: ServingState, { frameOf }: CatalogOptions): Router {
  const router = Router({ strict: true, caseSensitive: true })
  const catalog = openCatalog()
  let bundled: Promise<Page> | undefined
  const page = () => {
    bundled ??= bundlePage()
    return bundled
  }

  router.get(['/', '/channels/:channel/'], async (request, response, next) => {
    response.vary('Accept')
    const name = String(request.params.channel ?? state.root)
    if (prefersArchive(request)) {
      request.url = `/channels/${name}/skills-mcp-resources.zip`
      return next()
    }
    if (state.channel(name) === undefined) return sendNotFound(request, response)
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    response.setHeader('Referrer-Policy', 'no-referrer')
    response.setHeader('Cache-Control', 'no-cache')
    await sendFile(request, response, (await page()).html)
  })
  router.get('/catalog/assets/:asset', async (request, response) => {
    const { assets } = await page()
    await send(request, response, { file: assets.get(request.path), cacheControl: IMMUTABLE })
  })
  router.get('/catalog/channels', async (request, response) => {
    const file = textFile(JSON.stringify(channelsView(state)), 'application/json')
    await send(request, response, { file, cacheControl: 'no-cache' })
  })
  router.get('/catalog/channels/:channel/findings', async (request, response) => {
    const channel = state.channel(String(request.params.channel))
    if (channel === undefined) return sendNotFound(request, response)
    const file = textFile(JSON.stringify(findingsView(channel, frameOf)), 'application/json')
    await send(request, response, { file, cacheControl: 'no-cache' })
  })

  const release = (id: unknown) => (releaseId.safeParse(id).success ? state.release(String(id)) : undefined)
  const answer = async (request: Request, response: Response, make: Make) => {
    const found = await release(request.params.release)
    if (found === undefined) return sendNotFound(request, response)
    const file = await make(found)
    if (file === 'nothing') return sendNotFound(request, response)
    if (file === undefined) return sendTooSlow(response)
    await send(request, response, { file, cacheControl: IMMUTABLE })
  }
  router.get('/catalog/releases/:release', (request, response) =>
    answer(request, response, (found) => catalog.view(found)),
  )
  router.get('/catalog/releases/:release/search/:query', (request, response) =>
    answer(request, response, (found) => catalog.search(found, String(request.params.query).slice(0, 200))),
  )
  router.get('/catalog/releases/:release/diff/:other', (request, response) =>
    answer(request, response, async (found) => {
      const other = await release(request.params.other)
      return other === undefined ? 'nothing' : catalog.diff(found, other)
    }),
  )
  router.get('/catalog/releases/:release/:form/:kind/:name{/*path}', (request, response) =>
    answer(request, response, async (found) => {
      const text = textAt(found.release, placeOf(request))
      if (text === undefined) return 'nothing'
      const { form } = request.params
      if (form === 'raw') return textFile(text, 'text/plain')
      return form === 'rendered' ? catalog.rendered(text) : 'nothing'
    }),
  )
  return router
}

type Make = (release: ServedRelease) => Promise<ServedFile | undefined | 'nothing'>

/** A browser asks for a document by name; a client that takes anything gets what it always got. */
function prefersArchive(request: Request): boolean {
  return request.accepts(['application/zip', 'text/html']) !== 'text/html'
}

function placeOf(request: Request): TextPlace {
  const { kind, name, path } = request.params as Record<string, string | string[]>
  return { kind: String(kind), name: String(name), path: [path ?? []].flat().join('/') }
}

interface Sent {
  readonly file: ServedFile | undefined
  readonly cacheControl: string
}

async function send(request: Request, response: Response, { file, cacheControl }: Sent): Promise<void> {
  if (file === undefined) return sendNotFound(request, response)
  response.setHeader('Cache-Control', cacheControl)
  await sendFile(request, response, file)
}

function sendTooSlow(response: Response): void {
  response.setHeader('Retry-After', '5')
  sendError(response, 503, {
    code: 'catalog/too-slow',
    message: 'Cannot show this in time: expected a shorter text, or fewer requests at once',
  })
}
