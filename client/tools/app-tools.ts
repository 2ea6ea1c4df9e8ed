import type { HostTool } from '../harness/harness.ts'
import type { SkillShelf } from '../install/shelf.ts'
import type { Question } from './ask/asker.ts'
import { type AskTools, askUser } from './ask-user.ts'
import { checkEnvKeys } from './check-env-keys.ts'
import { detectPackageManager } from './detect-package-manager.ts'
import { installSkill } from './install-skill.ts'
import { loadSkillMenu } from './load-skill-menu.ts'
import { type EnvTools, setEnvValues } from './set-env-values.ts'

/** What the tools need that act on the app, the person and the release, not on the queue. */
export interface AppToolsOptions extends EnvTools, Pick<AskTools, 'questions'> {
  readonly shelf: SkillShelf
  /** Told before a question of an attempt is put, and when it is settled. */
  readonly onQuestion: (by: string, outcome: Parameters<AskTools['onQuestion']>[0]) => void
}

/** Those tools for one attempt; which of them its agent is given is for its prompt to say. */
export type AppToolsFor = (by: Pick<Question, 'by' | 'label'>) => readonly HostTool[]

/** What makes them, for all attempts of a run. */
export function appToolsOf(options: AppToolsOptions): AppToolsFor {
  const { app, framework, shelf, given, questions } = options
  return (by) => [
    setEnvValues(options),
    checkEnvKeys(options),
    detectPackageManager(app),
    askUser({ questions, given, onQuestion: (outcome) => options.onQuestion(by.by, outcome) }, by),
    loadSkillMenu(shelf, framework),
    installSkill(shelf),
  ]
}
