import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { conformance } from '../conformance.ts'
import { type ModelServer, modelServer } from '../model-server.ts'
import { follow, scriptedAi } from './scripted-ai.ts'

let server: ModelServer
beforeAll(async () => {
  server = await modelServer(follow)
})
afterAll(() => server.close())
afterEach(() => expect(server.refusals).toEqual([]))

const access = () => ({
  anthropic: { apiKey: 'scripted-key', baseUrl: server.base },
  openai: {},
  isScripted: true,
})

describe('aiHarness() conforms on the wire of Anthropic', () =>
  conformance(scriptedAi('anthropic/claude-haiku-5-5', () => ({ access: access() }))))
