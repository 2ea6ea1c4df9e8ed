import { afterAll, beforeAll, describe } from 'vitest'
import { conformance } from '../conformance.ts'
import { type ScriptedClaude, SDK, scriptedClaude } from './scripted-claude.ts'

describe.skipIf(SDK === undefined)('claudeHarness()', () => {
  let claude: ScriptedClaude
  beforeAll(async () => {
    claude = await scriptedClaude()
  })
  afterAll(() => claude.close())

  describe('conforms', () => conformance((script) => claude.make(script)))
})
