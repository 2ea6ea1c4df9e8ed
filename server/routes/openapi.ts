import { z } from 'zod'
import manifest from '../../package.json' with { type: 'json' }
import { openApiDocument } from '../http/openapi.ts'
import { sendJson } from '../http/reply.ts'
import { json, type Route } from '../http/route.ts'

/** The description of all routes, itself among them. */
export function openApiRoutes(others: readonly Route[]): readonly Route[] {
  let document: object | undefined
  const routes: readonly Route[] = [
    {
      path: '/openapi.json',
      summary: 'This document',
      replies: { 200: json('OpenAPI 3.1', z.looseObject({ openapi: z.string() })) },
      answer: (_request, response) => {
        document ??= openApiDocument([...routes, ...others], manifest.version)
        sendJson(response, 200, document)
      },
    },
  ]
  return routes
}
