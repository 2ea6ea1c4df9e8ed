/** A model that reads its script in its own prompt's name: one server for any number of scripts at once. */
import type { AgentJob } from '../../../client/harness/harness.ts'
import { callsOf, type Script, type ScriptStep } from './conformance.ts'
import { type ModelAnswer, type ModelServer, modelServer } from './model-server.ts'

export interface ScriptedModel {
  readonly server: ModelServer
  /** The credential it takes. */
  readonly key: string
  /** What an agent has to be told so that it follows the script of its task type. */
  readonly told: (script: Script, job: AgentJob) => Pick<AgentJob, 'model' | 'system' | 'prompt'>
}

export async function scriptedModel(): Promise<ScriptedModel> {
  const key = 'scripted-key-that-nobody-may-see'
  const scripts = new Map<string, readonly ScriptStep[]>()
  const server = await modelServer(({ prompt, turn }) => {
    const name = /Script [0-9]+/.exec(prompt)?.[0] ?? ''
    return answerOf(scripts.get(name)?.[turn])
  }, key)
  return {
    server,
    key,
    told: (script, { model, subject: { type } }) => {
      const name = `Script ${scripts.size + 1}`
      scripts.set(name, script[type] ?? [])
      return {
        model: model === 'none' ? 'claude-haiku-4-5' : model,
        system: 'You follow a script.',
        prompt: `${name} of ${type}`,
      }
    },
  }
}

function answerOf(step: ScriptStep | undefined): ModelAnswer {
  if (step === undefined) return {}
  if (step === 'hang') return { fault: 'hang' }
  return 'fault' in step ? step : { calls: callsOf(step) }
}
