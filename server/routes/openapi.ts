import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { openApiDocument } from '../http/openapi.ts'
import { FRESH, sendFile } from '../http/reply.ts'
import { json, type Route, UNCHANGED } from '../http/route.ts'
import { jsonFile } from '../http/text-file.ts'
import type { ServedFile } from '../store/served-release.ts'

/** The description of all routes, itself among them. */
export function openApiRoutes(others: readonly Route[]): readonly Route[] {
  let document: ServedFile | undefined
  const routes: readonly Route[] = [
    {
      path: '/openapi.json',
      summary: 'This document',
      replies: { 200: json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })), 304: UNCHANGED },
      answer: (request, response) => {
        document ??= jsonFile(openApiDocument([...routes, ...others], manifest.version))
        return sendFile(request, response, { ...document, headers: FRESH })
      },
    },
  ]
  return routes
}
