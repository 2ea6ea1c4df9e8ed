import type { Face } from '../face.ts'
import type { Session } from '../session.ts'
import { appToolsFor } from './app-tools-for.ts'
import { type Desk, promptOf, type ToolLists, taskAssignment } from './assignment.ts'
import { attempt } from './attempt.ts'
import { begin } from './begin.ts'
import { type Budget, budgetOf, stopOf } from './budget.ts'
import { drain } from './executor.ts'
import { flowRules } from './flow-rules.ts'
import { isHeldWhilePlanning, plan, queueRunnerSeeded } from './seed.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** Begins or goes on, lets planner and executor work side by side, and settles what the run came to. */
export async function carryOut(session: Session, faces: readonly Face[]): Promise<Verdict> {
  const { options, world, registry, ledger, models } = session
  const { clock, random } = world
  const halt = new AbortController()
  const over = new AbortController()
  const budget = budgetOf({
    ...{ limits: options.limits, launchedAt: options.launchedAt, clock, over: over.signal },
  })
  const signal = AbortSignal.any([options.signal, ledger.broken, budget.signal, halt.signal])
  await begin(session)
  const desk = deskOf(session, budget, faces)
  await queueRunnerSeeded(desk)
  const faults: unknown[] = []
  const onFault = (error: unknown): void => {
    faults.push(error)
    halt.abort(error)
  }
  const { harness, concurrency } = options
  const onMachine = budget.stop
  const planning = plan(desk, { harness, clock, signal, random, onMachine }).catch(onFault)
  await drain({
    ledger,
    concurrency,
    planning,
    isHeld: ({ spec }) => isHeldWhilePlanning(registry, spec.type),
    modelOf: ({ spec }, lost) => models.modelFor(promptOf(registry, spec.type), spec.model, lost),
    standIn: models.standIn,
    attempt: (start) => attempt(taskAssignment(desk, start), { harness, clock, signal }),
    check: budget.check,
    onMachine,
    clock,
    random,
    signal,
    onFault,
  })
  await planning
  over.abort()
  if (faults.length > 0) throw faults[0]
  // The last ends may still be on their way to the disk.
  return ledger.transact((head) => ({
    events: [],
    answer: verdictOf(head, registry, stopOf(options.signal, budget)),
  }))
}

function deskOf(session: Session, budget: Budget, faces: readonly Face[]): Desk {
  const { options, world, registry, ledger, folder, app, project, models, costOf } = session
  const { harness } = options
  return {
    registry,
    ledger,
    app,
    project,
    models,
    profile: harness.models.kind === 'named' ? harness.models.profile : undefined,
    costOf,
    usdLeft: () => budget.left(ledger.head()),
    runFolder: folder.path,
    rules: flowRules(registry, { models: models.allowed, maxTasks: options.maxTasks }),
    labelOf: (type) => registry.prompts.get(type)?.label ?? type,
    authorizeFor: (tools: ToolLists) => world.fence({ app, runFolder: folder.path, ...tools }),
    appToolsFor: appToolsFor(session),
    onActivity: (id, event) => {
      for (const face of faces) face.onActivity?.(id, event)
    },
  }
}
