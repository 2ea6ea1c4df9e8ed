import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { conformance } from '../conformance.ts'
import { type ModelServer, modelServer } from '../model-server.ts'
import { providerConformance } from '../provider-conformance.ts'
import { follow, KEY, scriptedAi } from './scripted-ai.ts'

let server: ModelServer
beforeAll(async () => {
  server = await modelServer(follow, KEY)
})
afterAll(() => server.close())
afterEach(() => expect([server.refusals, server.strays]).toEqual([[], []]))

const make = scriptedAi('anthropic/claude-haiku-5-5', () => ({
  access: { anthropic: { apiKey: KEY, baseUrl: server.base }, openai: {}, isScripted: true },
}))

describe('aiHarness() conforms on the wire of Anthropic', () => {
  conformance(make)
  providerConformance(() => ({
    make,
    model: 'claude-sonnet-5-5',
    efforts: () => server.journal.map(({ body }) => `${body.thinking?.type} ${body.output_config?.effort}`),
  }))
})
