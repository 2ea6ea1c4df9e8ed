import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { conformance } from '../conformance.ts'
import { type ChatServer, chatServer } from '../openai-server.ts'
import { providerConformance } from '../provider-conformance.ts'
import { follow, KEY, scriptedAi } from './scripted-ai.ts'

let server: ChatServer
beforeAll(async () => {
  server = await chatServer({ brain: follow, key: KEY })
})
afterAll(() => server.close())
afterEach(() => expect(server.refusals).toEqual([]))

const access = { anthropic: {}, openai: { endpointKey: KEY }, isScripted: true }
const make = scriptedAi('qwen3-coder', () => ({ access, modelUrl: server.base }))

describe('aiHarness() conforms on the wire of chat completions', () => {
  conformance(make)
  providerConformance(() => ({
    make,
    model: 'qwen3-coder',
    efforts: () => server.journal.map(({ body }) => String(body.reasoning_effort)),
  }))
})
