/** Puts the harness on a scripted model: each script has a number, which its jobs carry in their prompts. */

import type { Patience } from '../../../../client/harness/ai/agent.ts'
import { aiHarness } from '../../../../client/harness/ai/ai.ts'
import type { AgentHarness } from '../../../../client/harness/harness.ts'
import type { HarnessOptions } from '../../../../client/harness/harness-options.ts'
import { callsOf, type Script } from '../conformance.ts'
import type { ModelAnswer } from '../model-server.ts'

/** Long enough to see a retry, too short to wait for one. */
export const IMPATIENT: Patience = { tries: 3, firstWaitMs: 5, longestWaitMs: 60 }

/** What the servers take for a key. */
export const KEY = 'scripted-key-that-nobody-may-see'

const scripts: Script[] = []

/** What the scripts say to a request: one step a turn, and the end behind the last one. */
export function follow({ prompt, turn }: { readonly prompt: string; readonly turn: number }): ModelAnswer {
  const [, number = '', type = ''] = /script (\d+) of (\S+)/.exec(prompt) ?? []
  const step = scripts[Number(number)]?.[type]?.[turn]
  if (step === undefined) return {}
  if (step === 'hang') return { fault: 'hang' }
  return 'fault' in step ? step : { calls: callsOf(step) }
}

/** A harness whose agents follow the script, on models of one name. */
export function scriptedAi(model: string, options: () => HarnessOptions): (script: Script) => AgentHarness {
  return (script) => {
    const number = scripts.push(script) - 1
    const harness = aiHarness({ ...options(), patience: IMPATIENT })
    return {
      ...harness,
      run: (job) =>
        harness.run({
          ...job,
          model: job.model === 'none' ? model : job.model,
          prompt: `script ${number} of ${job.subject.type}`,
        }),
    }
  }
}
