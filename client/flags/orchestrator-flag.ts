import type { Decider } from '../../schemas/run-event.ts'
import { BY_DEFAULT, type SequenceDecision } from '../sequence.ts'

/** True: runs are carried out as tasks. False: by one agent with one prompt. */
export const FLAG = 'wizard-orchestrator'

/** Who may know the flag; each is undefined where it says nothing. */
export interface FlagSources {
  readonly file?: { readonly path: string; readonly says: boolean | undefined } | undefined
  readonly environment?: boolean | undefined
  /** Contract: settles within its time limit. */
  readonly posthog?: (() => Promise<boolean | undefined>) | undefined
}

/** The first that knows the flag decides: flags file, environment, PostHog; then it is on. Never rejects. */
export async function orchestratorFlag({
  file,
  environment,
  posthog,
}: FlagSources): Promise<SequenceDecision> {
  if (file?.says !== undefined) return decision(file.says, 'flags-file', file.path)
  if (environment !== undefined) return decision(environment, 'environment', 'MILL_FLAG_WIZARD_ORCHESTRATOR')
  if (!posthog) return BY_DEFAULT
  try {
    const says = await posthog()
    if (says !== undefined) return decision(says, 'posthog', 'PostHog')
    return { ...BY_DEFAULT, why: `PostHog does not know "${FLAG}"` }
  } catch (error) {
    return { ...BY_DEFAULT, why: `PostHog could not be asked: ${(error as Error).message}`.slice(0, 500) }
  }
}

function decision(isOn: boolean, by: Decider, where: string): SequenceDecision {
  const why = `${FLAG} is ${isOn ? 'on' : 'off'} by ${where}`.slice(0, 500)
  return { sequence: isOn ? 'orchestrator' : 'linear', by, why }
}
