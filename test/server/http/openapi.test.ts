import request from 'supertest'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { openApiPath } from '../../../server/http/openapi.ts'
import { bugs, release, server } from '../app-server.ts'

interface Described {
  readonly content?: Record<string, { schema: Parameters<typeof z.fromJSONSchema>[0] }>
}

interface Operation {
  readonly parameters: readonly { name: string; in: string }[]
  readonly responses: Record<string, Described>
}

type Document = { openapi: string; paths: Record<string, Record<'get' | 'head', Operation>> }

const document: Document = (await request(server).get('/openapi.json')).body

/** What parameters can be: something that is there, something that is not, and something that is empty. */
const VALUES: readonly Readonly<Record<string, string>>[] = [
  { release: release.id, channel: 'dev', file: 'agent-menu.json', other: release.id, query: 'hello' },
  {
    release: release.id,
    channel: 'old',
    file: 'agents-hello-greet.md',
    form: 'raw',
    kind: 'agents',
    name: 'hello',
  },
  { release: release.id, channel: 'torn', file: 'skills-mcp-resources.zip' },
  { release: release.id, channel: 'bare', file: 'SHA256SUMS' },
  { release: '0'.repeat(64), channel: 'nothing', file: 'nothing.md' },
]

const paths = Object.keys(document.paths).filter((path) => path !== '/events')

test('openapi.json is a document of this server, and lists what it can be asked for', () => {
  expect(document.openapi).toBe('3.1.0')
  for (const path of [
    '/events',
    '/metrics',
    '/openapi.json',
    '/channels/{channel}',
    '/v/{release}/skills/{file}',
    '/{file}',
  ]) {
    expect(document.paths).toHaveProperty([path])
  }
})

test('openApiPath() names every parameter of a pattern', () => {
  expect(openApiPath('/v/:release/:form/:name{/*path}')).toBe('/v/{release}/{form}/{name}/{path}')
})

test.each(paths)('%s answers as it is described', async (path) => {
  const { get, head } = document.paths[path]!
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  expect(get.parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names)
  for (const values of VALUES) {
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? 'x')
    for (const accept of ['*/*', 'text/html']) {
      const answer = await request(server).get(url).set('Accept', accept)
      const described = get.responses[answer.status]
      expect(described, `${answer.status} of ${url}`).toBeDefined()
      validate(described!, answer)
      const { status } = await request(server).head(url).set('Accept', accept)
      expect(status).toBe(answer.status)
      expect(head.responses).toHaveProperty(String(status))
    }
  }
  expect(bugs).toEqual([])
})

test.each([
  ['post', '/channels', 405],
  ['get', `/${'x'.repeat(3_000)}`, 414],
  ['get', '/%', 400],
] as const)('a refusal of %s is described too', async (method, url, status) => {
  const answer = await request(server)[method](url).expect(status)
  validate(document.paths['/channels']!.get.responses[status]!, answer)
})

function validate({ content = {} }: Described, { type, body }: { type: string; body: unknown }): void {
  const { schema } = content[type] ?? content['*/*'] ?? {}
  expect(schema, `described as ${Object.keys(content)}, came as ${type}`).toBeDefined()
  if (type === 'application/json' && schema !== undefined) z.fromJSONSchema(schema).parse(body)
}
