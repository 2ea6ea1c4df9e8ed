import { type NextFunction, type Request, type Response, Router } from 'express'
import type { z } from 'zod'
import { routedBy } from './access.ts'

/** One path of the server, and all that is to be known about it: the router and `/openapi.json` are made from the same list. */
export interface Route {
  /** Express pattern, such as `/channels/:channel`. It answers GET and HEAD; nothing else is ever routed. */
  readonly path: string
  /** What it gives, as one sentence. */
  readonly summary: string
  /** Parameter in the path → what it names. */
  readonly parameters?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, QueryParameter>>
  /** Status → what is said with it. Refusals that any request can meet are not repeated here. */
  readonly replies: Readonly<Record<number, Reply>>
  readonly answer: (request: Request, response: Response, next: NextFunction) => void | Promise<void>
}

export interface QueryParameter {
  readonly description: string
  readonly required: boolean
}

/** A reply, described. */
export interface Reply {
  readonly description: string
  /** Media type → schema of the body, or null for bytes and texts of any form. Absent when there is no body. */
  readonly content?: Readonly<Record<string, z.ZodType | null>>
}

/** A JSON reply of one schema. */
export function json(description: string, schema: z.ZodType): Reply {
  return { description, content: { 'application/json': schema } }
}

/** The reply to a client that has what it asks for. */
export const UNCHANGED: Reply = { description: 'The client has it' }

/** The router of a list of routes, in its order. */
export function routerOf(routes: readonly Route[]): Router {
  const router = Router({ strict: true, caseSensitive: true })
  for (const { path, answer } of routes) {
    router.get(path, (request, response, next) => {
      routedBy(response, path)
      return answer(request, response, next)
    })
  }
  return router
}
