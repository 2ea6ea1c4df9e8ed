import { attempt } from '../execute/attempt.ts'
import { begin } from '../execute/begin.ts'
import { budgetOf, stopOf } from '../execute/budget.ts'
import { attemptTask } from '../execute/task-attempts.ts'
import type { Verdict } from '../execute/verdict.ts'
import type { Face } from '../face.ts'
import type { Ledger } from '../queue/ledger.ts'
import { taskOf } from '../queue/queue.ts'
import type { Session } from '../session.ts'
import { type LinearDesk, linearAssignment } from './linear-assignment.ts'
import { linearVerdict } from './linear-verdict.ts'
import { leadOf, stepsOf } from './steps.ts'

const ONLY_TASK = 't1'
const MAX_ATTEMPTS = 2

/** Gives all of a flow to one agent, in one prompt, as the only task of the run, and settles what it came to. */
export async function carryOutLinear(session: Session, faces: readonly Face[]): Promise<Verdict> {
  const { options, world, registry, ledger, models } = session
  const { harness } = options
  const { clock, random } = world
  const over = new AbortController()
  const { limits, launchedAt } = options
  const budget = budgetOf({ limits, launchedAt, clock, over: over.signal })
  const signal = AbortSignal.any([options.signal, ledger.broken, budget.signal])
  await begin(session)
  await queueOnce(ledger, session)
  const desk: LinearDesk = {
    session,
    usdLeft: () => budget.left(ledger.head()),
    onEvent: (event) => {
      for (const face of faces) face.onActivity?.(ONLY_TASK, event)
    },
  }
  const lead = leadOf(stepsOf(registry), registry.seed)
  try {
    await attemptTask(ONLY_TASK, {
      ...{ ledger, clock, random, signal, check: budget.check, standIn: models.standIn },
      onMachine: budget.stop,
      modelOf: (_, lost) => models.modelFor(lead, undefined, lost),
      attempt: (start) => attempt(linearAssignment(desk, start), { harness, clock, signal }),
      vacate: () => undefined,
    })
  } finally {
    over.abort()
  }
  return ledger.transact((head) => ({
    events: [],
    answer: linearVerdict(taskOf(head, ONLY_TASK), stopOf(options.signal, budget)),
  }))
}

async function queueOnce(ledger: Ledger, { registry, project }: Session): Promise<void> {
  const { framework } = project
  await ledger.transact((head) => ({
    events: taskOf(head, ONLY_TASK)
      ? []
      : [
          {
            e: 'task-enqueued',
            task: {
              ...{ id: ONLY_TASK, type: 'linear', label: `All of ${registry.flow}`, dependsOn: [] },
              ...{ inputs: { framework }, maxAttempts: MAX_ATTEMPTS, enqueuedBy: 'runner' },
              ...{ depth: 0, optional: false },
            },
          },
        ],
    answer: undefined,
  }))
}
