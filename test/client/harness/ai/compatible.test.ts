import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { conformance } from '../conformance.ts'
import { type ChatServer, chatServer } from '../openai-server.ts'
import { follow, scriptedAi } from './scripted-ai.ts'

let server: ChatServer
beforeAll(async () => {
  server = await chatServer({ brain: follow })
})
afterAll(() => server.close())
afterEach(() => expect(server.refusals).toEqual([]))

const access = { anthropic: {}, openai: {}, isScripted: true }

describe('aiHarness() conforms on the wire of chat completions', () =>
  conformance(scriptedAi('qwen3-coder', () => ({ access, modelUrl: server.base }))))
