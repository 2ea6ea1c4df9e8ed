/** The claude harness with a scripted model behind it, and where the SDK is. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claudeHarness } from '../../../../client/harness/claude/claude.ts'
import type { AgentHarness } from '../../../../client/harness/harness.ts'
import type { Script } from '../conformance.ts'
import { type ScriptedModel, scriptedModel } from '../scripted-model.ts'

/** Folder in whose `node_modules` the SDK is; the tests that need it are skipped without. */
export const SDK = process.env.MILL_CLAUDE_SDK

export interface ScriptedClaude {
  readonly model: ScriptedModel
  /** A harness whose agents follow the script. */
  readonly make: (script: Script) => AgentHarness
  readonly close: () => Promise<void>
}

export async function scriptedClaude(): Promise<ScriptedClaude> {
  const model = await scriptedModel()
  const folder = await mkdtemp(join(tmpdir(), 'claude-'))
  const claude = claudeHarness({
    access: {
      anthropic: { apiKey: model.key, baseUrl: model.server.base },
      openai: {},
      isScripted: true,
    },
    sdk: SDK,
  })
  return {
    model,
    make: (script) => ({
      ...claude,
      run: (job) =>
        claude.run({
          ...job,
          ...model.told(script, job),
          subject: { ...job.subject, runFolder: folder },
        }),
    }),
    close: async () => {
      await model.server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
