import type { NextFunction, Request, Response } from 'express'
import { refusalSchema } from '../../schemas/answers.ts'
import type { ServingState } from '../channels/serving-state.ts'
import { FOREVER, FRESH, sendFile, sendNotFound } from '../http/reply.ts'
import { json, type Route, UNCHANGED } from '../http/route.ts'
import { bundlePage, PAGE_POLICY, type Page } from '../web/bundle.ts'

/** The catalog page at `/` and at `/channels/<name>/`, and the files that it is made of. */
export function pageRoutes(state: ServingState): readonly Route[] {
  let bundled: Promise<Page> | undefined
  const page = () => {
    bundled ??= bundlePage()
    return bundled
  }
  const answer = async (request: Request, response: Response, next: NextFunction) => {
    response.vary('Accept')
    const name = String(request.params.channel ?? state.root)
    if (prefersArchive(request)) {
      request.url = `/channels/${encodeURIComponent(name)}/skills-mcp-resources.zip`
      return next()
    }
    if (state.channel(name) === undefined) return sendNotFound(request, response)
    const headers = ['Content-Security-Policy', PAGE_POLICY, ...FRESH]
    await sendFile(request, response, { ...(await page()).html, headers })
  }
  const replies = {
    200: {
      description: 'The catalog page; for whoever does not ask for a page, the archive of everything',
      content: { 'text/html': null, 'application/zip': null },
    },
    304: UNCHANGED,
    404: json('There is no such channel', refusalSchema),
    503: json('The channel has nothing to serve yet', refusalSchema),
  }
  return [
    { path: '/', summary: 'What is live where, for people', replies, answer },
    {
      path: '/channels/:channel/',
      summary: 'What one channel answers with, for people',
      parameters: { channel: 'Name of a channel' },
      replies,
      answer,
    },
    {
      path: '/catalog/assets/:asset',
      summary: 'A file that the catalog page is made of; it never changes',
      parameters: { asset: 'Name of a file, as the page tells it' },
      replies: {
        200: {
          description: 'The file',
          content: { 'text/javascript': null, 'text/css': null, 'image/svg+xml': null },
        },
        304: UNCHANGED,
        404: json('There is no such file', refusalSchema),
      },
      answer: async (request, response) => {
        const file = (await page()).assets.get(request.path)
        if (file === undefined) return sendNotFound(request, response)
        await sendFile(request, response, { ...file, headers: FOREVER })
      },
    },
  ]
}

/** A browser asks for a page by name; a client that takes anything gets what it always got. */
function prefersArchive(request: Request): boolean {
  return request.accepts(['application/zip', 'text/html']) !== 'text/html'
}
