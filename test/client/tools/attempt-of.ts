import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wallClock } from '../../../client/clock.ts'
import { operationsFor } from '../../../client/execute/operations.ts'
import { fence } from '../../../client/fence.ts'
import type { AgentJob } from '../../../client/harness/harness.ts'
import type { SkillShelf } from '../../../client/install/shelf.ts'
import { appToolsOf } from '../../../client/tools/app-tools.ts'
import { questions } from '../../../client/tools/ask/questions.ts'
import { completeTask } from '../../../client/tools/complete-task.ts'
import { enqueueTask } from '../../../client/tools/enqueue-task.ts'
import { givenValues } from '../../../client/tools/env/given-values.ts'
import { readHandoffs } from '../../../client/tools/read-handoffs.ts'
import { enqueued, memoryLedger, rules, started } from '../scripted.ts'

export interface ScratchApp extends AsyncDisposable {
  readonly path: string
  readonly runFolder: string
}

/** An app with a run under way in it. */
export async function appWithRun(): Promise<ScratchApp> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'tools-')))
  const runFolder = join(path, '.mill/runs/r1')
  await mkdir(runFolder, { recursive: true })
  await writeFile(join(path, 'a.txt'), 'one\n')
  return { path, runFolder, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

const shelf: SkillShelf = {
  skills: [{ id: 'naming', name: 'Names of events', group: 'naming', framework: null, isAtHand: true }],
  install: async (id) => ({ id, folder: `.mill/runs/r1/skills/${id}`, files: ['SKILL.md'] }),
}

/** A task's job with every real tool behind the real fence; which it may use is for the caller to say. */
export async function jobIn(app: ScratchApp, tools: AgentJob['tools']): Promise<AgentJob> {
  const ledger = memoryLedger()
  await ledger.transact(() => ({ events: [enqueued(1), started(1)], answer: undefined }))
  const operations = operationsFor(
    { by: 'task', id: 't1', attempt: 1 },
    { ledger, rules: rules(), labelOf: (type) => type },
  )
  const appTools = appToolsOf({
    ...{ app: app.path, runFolder: app.runFolder, framework: 'nextjs', shelf, onQuestion: () => undefined },
    given: givenValues(new Map()),
    questions: questions({ asker: { ask: async () => 'yes' }, timeoutMs: 1000, clock: wallClock }),
  })
  return {
    id: 't1',
    subject: {
      ...{ flow: 'demo', type: 'work', inputs: {}, framework: null, by: 't1' },
      runFolder: app.runFolder,
    },
    cwd: app.path,
    ...{ model: 'none', system: '', prompt: '', tools },
    hostTools: [
      enqueueTask(operations, ['work']),
      completeTask(operations),
      readHandoffs(operations, 't1'),
      ...appTools({ by: 't1', label: 'Work' }),
    ],
    authorize: fence({ app: app.path, runFolder: app.runFolder, ...tools }),
    limits: { maxTurns: 9, timeoutMs: 60_000, stallMs: 60_000 },
    costOf: () => undefined,
    signal: new AbortController().signal,
    onEvent: () => undefined,
  }
}
