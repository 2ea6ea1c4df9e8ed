import type { EventDraft, Ledger } from '../queue/ledger.ts'
import type { Session } from '../session.ts'
import { type AppToolsFor, appToolsOf } from '../tools/app-tools.ts'
import { type Answer, questions } from '../tools/ask/questions.ts'
import { givenValues } from '../tools/env/given-values.ts'

/** How long a question to the person waits, unless they say otherwise. */
const ASK_TIMEOUT_MS = 60_000

/** The tools of a run for the app, the person and the skills of the release. */
export function appToolsFor({
  options,
  world,
  registry,
  ledger,
  folder,
  app,
  project,
}: Session): AppToolsFor {
  return appToolsOf({
    ...{ app, runFolder: folder.path, framework: project.framework, shelf: registry.shelf },
    given: givenValues(options.given ?? new Map()),
    questions: questions({
      ...{ asker: options.asker, timeoutMs: options.askTimeoutMs ?? ASK_TIMEOUT_MS, clock: world.clock },
    }),
    onQuestion: (id, outcome) => noteQuestion(ledger, id, outcome),
  })
}

/** What the person was asked is between them and the agent; that they were, and what came of it, is on record. */
function noteQuestion(ledger: Ledger, id: string, outcome: 'asked' | Answer['outcome']): void {
  const event: EventDraft =
    outcome === 'asked' ? { e: 'question-asked', id } : { e: 'question-settled', id, outcome }
  ledger.note(() => ({ events: [event], answer: undefined }))
}
