import { realpath } from 'node:fs/promises'
import { CommandError } from '../schemas/cli.ts'
import type { RunEvent } from '../schemas/run-event.ts'
import type { BootstrapOptions, BootstrappedRegistry } from './bootstrap/bootstrap.ts'
import { registryFor } from './bootstrap/pinned-registry.ts'
import type { Clock } from './clock.ts'
import type { DetectedApp } from './detect/detect.ts'
import { type Desk, promptOf, type ToolLists, taskAssignment } from './execute/assignment.ts'
import { attempt } from './execute/attempt.ts'
import { drain } from './execute/executor.ts'
import { flowRules } from './execute/flow-rules.ts'
import { resumption } from './execute/resume.ts'
import { isHeldWhilePlanning, plan, queueRunnerSeeded } from './execute/seed.ts'
import { type Verdict, verdictOf } from './execute/verdict.ts'
import type { Face } from './face.ts'
import type { FenceOptions } from './fence.ts'
import type { AgentHarness, AgentJob } from './harness/harness.ts'
import { type Ledger, ledgerOf } from './queue/ledger.ts'
import { apply, type Counts, emptyQueue } from './queue/queue.ts'
import { reportOf } from './report/report.ts'
import { type Responsiveness, responsivenessOf } from './report/responsiveness.ts'
import { mirrorOf } from './run-folder/mirror.ts'
import { openRunFolder, type RunFolder } from './run-folder/run-folder.ts'
import type { RunTitle } from './tui/title.ts'

export interface RunOptions {
  /** When the person asked for it; milliseconds since the epoch. */
  readonly launchedAt: number
  readonly app: string
  readonly base: string
  readonly flow: string
  readonly concurrency: number
  readonly maxTasks: number
  readonly resume: boolean
  readonly harness: AgentHarness
  /** Called once, when it is known what will run; each face is closed by the run. */
  readonly faces: (title: RunTitle) => readonly Face[]
  readonly signal: AbortSignal
}

/** What a run needs of the world. */
export interface World {
  readonly detect: (app: string) => Promise<DetectedApp>
  readonly bootstrap: (options: BootstrapOptions) => Promise<BootstrappedRegistry>
  readonly fence: (options: FenceOptions) => AgentJob['authorize']
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
}

export interface RunResult extends Verdict {
  readonly run: string
  /** Absolute path of the run folder. */
  readonly folder: string
  readonly tasks: Counts
  readonly responsiveness: Responsiveness
  /** Markdown; also in the folder, as `report.md`. */
  readonly report: string
}

/**
 * Runs a flow on an app: detect, bootstrap, seed and drain at the same time, report.
 * @throws CommandError when the run cannot begin, or can no longer be written down
 */
export async function run(options: RunOptions, world: World): Promise<RunResult> {
  const project = await world.detect(options.app)
  await assertAvailable(options.harness)
  const app = await realpath(options.app)
  const folder = await openRunFolder({ ...options, app, now: world.clock.now() })
  try {
    const registry = await registryFor(
      folder,
      { ...options, app, framework: project.framework },
      world.bootstrap,
    )
    const { journal } = folder
    const queue = journal.events.reduce(apply, emptyQueue)
    const ledger = ledgerOf({ queue, append: journal.append, now: world.clock.now })
    const framework = queue.started ? queue.started.framework : project.framework
    const session: Session = {
      options,
      world,
      registry,
      ledger,
      folder,
      app,
      project: { ...project, framework },
    }
    return await watched(session)
  } finally {
    await folder.close()
  }
}

interface Session {
  readonly options: RunOptions
  readonly world: World
  readonly registry: BootstrappedRegistry
  readonly ledger: Ledger
  readonly folder: RunFolder
  readonly app: string
  readonly project: DetectedApp
}

/** The run with its faces and its files, which see every event that is on disk. */
async function watched(session: Session): Promise<RunResult> {
  const { options, ledger, folder, registry, project, world } = session
  const { harness } = options
  const title: RunTitle = {
    flow: registry.flow,
    app: project.name,
    framework: project.framework,
    harness: harness.name,
    disclosure: harness.disclosure,
    release: registry.release,
  }
  const events: RunEvent[] = []
  const faces = options.faces(title)
  const mirror = mirrorOf({ queue: ledger.committed, write: folder.write, clock: world.clock })
  if (folder.journal.events.length > 0) for (const face of faces) face.onReplay?.(folder.journal.events)
  for (const { onEvent } of [mirror, ...faces]) ledger.subscribe(onEvent)
  ledger.subscribe((event) => events.push(event))
  try {
    const verdict = await carriedOut(session)
    const endedAt = world.clock.now()
    const queue = ledger.committed()
    const responsiveness = responsivenessOf(events, { launchedAt: options.launchedAt, endedAt })
    const told = { title, queue, events: [...folder.journal.events, ...events], verdict, responsiveness }
    const report = reportOf(told)
    // Before the last event, so that a run that is finished always has its report.
    await folder.write('report.md', report)
    await finish(ledger, verdict)
    await mirror.close()
    return { ...verdict, run: folder.id, folder: folder.path, tasks: queue.counts, responsiveness, report }
  } catch (error) {
    await mirror.close().catch(() => undefined)
    throw error
  } finally {
    await Promise.all(faces.map((face) => face.close()))
  }
}

/** Begins or goes on, lets planner and executor work side by side, and settles what the run came to. */
async function carriedOut(session: Session): Promise<Verdict> {
  const { options, world, registry, ledger } = session
  const { clock, random } = world
  const halt = new AbortController()
  const signal = AbortSignal.any([options.signal, ledger.broken, halt.signal])
  await begin(session)
  const desk = deskOf(session)
  await queueRunnerSeeded(desk)
  const faults: unknown[] = []
  const onFault = (error: unknown): void => {
    faults.push(error)
    halt.abort(error)
  }
  const { harness, concurrency } = options
  const planning = plan(desk, { harness, clock, signal }).catch(onFault)
  await drain({
    ledger,
    concurrency,
    planning,
    isHeld: ({ spec }) => isHeldWhilePlanning(registry, spec.type),
    modelOf: ({ spec }) => harness.modelFor(promptOf(registry, spec.type), spec.model),
    attempt: (start) => attempt(taskAssignment(desk, start), { harness, clock, signal }),
    clock,
    random,
    signal,
    onFault,
  })
  await planning
  if (faults.length > 0) throw faults[0]
  // The last ends may still be on their way to the disk.
  return ledger.transact((head) => ({
    events: [],
    answer: verdictOf(head, registry, options.signal.aborted),
  }))
}

function finish(ledger: Ledger, { verdict, reasons }: Verdict): Promise<void> {
  return ledger.transact(() => ({
    events: [{ e: 'run-finished', verdict, reasons: [...reasons] }],
    answer: undefined,
  }))
}

async function begin({ options, registry, ledger, folder, project }: Session): Promise<void> {
  await ledger.transact((head) => {
    if (head.started) return { events: resumption(head), answer: undefined }
    const { flow, release, channel } = registry
    const { concurrency, harness } = options
    const { framework } = project
    return {
      events: [
        {
          e: 'run-started',
          run: folder.id,
          flow,
          release,
          channel,
          framework,
          harness: harness.name,
          concurrency,
        },
      ],
      answer: undefined,
    }
  })
}

function deskOf({ options, world, registry, ledger, folder, app, project }: Session): Desk {
  return {
    registry,
    ledger,
    app,
    project,
    harness: options.harness,
    runFolder: folder.path,
    rules: flowRules(registry, options.maxTasks),
    labelOf: (type) => registry.prompts.get(type)?.label ?? type,
    authorizeFor: (tools: ToolLists) => world.fence({ app, runFolder: folder.path, ...tools }),
  }
}

async function assertAvailable(harness: AgentHarness): Promise<void> {
  const found = await harness.check()
  if (found.ok) return
  throw new CommandError(
    'run/harness-unavailable',
    `Cannot use harness "${harness.name}": ${found.why}. ${found.fix}`,
  )
}
