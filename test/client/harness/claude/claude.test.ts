import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { conformance } from '../conformance.ts'
import { providerConformance } from '../provider-conformance.ts'
import { type ScriptedClaude, SDK, scriptedClaude } from './scripted-claude.ts'

describe.skipIf(SDK === undefined)('claudeHarness()', () => {
  let claude: ScriptedClaude
  beforeAll(async () => {
    claude = await scriptedClaude()
  })
  afterAll(() => claude.close())

  describe('conforms', () => conformance((script) => claude.make(script)))

  describe('conforms, whatever the provider does', () =>
    providerConformance(() => ({
      make: claude.make,
      model: 'claude-sonnet-5-5',
      efforts: () =>
        claude.model.server.journal.map(({ body }) => `${body.thinking?.type} ${body.output_config?.effort}`),
    })))

  test('no transcript was malformed, and nothing but models was asked for', () => {
    expect(claude.model.server.refusals).toEqual([])
    expect(claude.model.server.strays).toEqual([])
  })
})
