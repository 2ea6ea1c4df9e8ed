import { z } from 'zod'
import { refusalSchema } from '../../schemas/answers.ts'
import type { Reply, Route } from './route.ts'

/** Refusals that any request can meet, whatever its route. */
const REFUSALS: Readonly<Record<string, Reply>> = {
  400: { description: 'The request cannot be read', content: { 'application/json': refusalSchema } },
  405: { description: 'Another method than GET or HEAD', content: { 'application/json': refusalSchema } },
  414: { description: 'The target is too long', content: { 'application/json': refusalSchema } },
  421: {
    description: 'The request is meant for another host',
    content: { 'application/json': refusalSchema },
  },
  431: { description: 'Too many headers', content: { 'application/json': refusalSchema } },
  500: { description: 'The server has a bug', content: { 'application/json': refusalSchema } },
}

/** OpenAPI 3.1 document of a list of routes. */
export function openApiDocument(routes: readonly Route[], version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Context Mill',
      version,
      description: 'Agent prompts and skills, in releases that never change, one prefix a channel',
    },
    paths: Object.fromEntries(routes.map((route) => [openApiPath(route.path), pathItem(route)])),
  }
}

/** Express pattern in the words of OpenAPI: `/v/:release{/*path}` is `/v/{release}/{path}`. */
export function openApiPath(pattern: string): string {
  return pattern.replace(/\{\/\*(\w+)\}/g, '/{$1}').replace(/[:*](\w+)/g, '{$1}')
}

function pathItem(route: Route): object {
  const { summary, replies } = route
  const shared = { summary, parameters: parametersOf(route) }
  return {
    get: { ...shared, responses: responsesOf({ ...REFUSALS, ...replies }, true) },
    head: { ...shared, responses: responsesOf({ ...REFUSALS, ...replies }, false) },
  }
}

function parametersOf({ path, parameters = {}, query = {} }: Route): object[] {
  const inPath = [...openApiPath(path).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: parameters[name] ?? '',
    schema: { type: 'string' },
  }))
  const inQuery = Object.entries(query).map(([name, { description, required }]) => {
    return { name, in: 'query', required, description, schema: { type: 'string' } }
  })
  return [...inPath, ...inQuery]
}

function responsesOf(replies: Readonly<Record<string, Reply>>, withBody: boolean): object {
  return Object.fromEntries(
    Object.entries(replies).map(([status, { description, content }]) => {
      if (!withBody || content === undefined) return [status, { description }]
      const bodies = Object.entries(content).map(([type, schema]) => [type, { schema: schemaOf(schema) }])
      return [status, { description, content: Object.fromEntries(bodies) }]
    }),
  )
}

function schemaOf(schema: z.ZodType | null): object {
  if (schema === null) return {}
  const { $schema: _, ...rest } = z.toJSONSchema(schema)
  return rest
}
