import { realpath } from 'node:fs/promises'
import { CommandError } from '../schemas/cli.ts'
import type { RunEvent, Sequence } from '../schemas/run-event.ts'
import type { RunFileOptions } from '../schemas/run-options.ts'
import { registryFor } from './bootstrap/pinned-registry.ts'
import type { Verdict } from './execute/verdict.ts'
import type { Face } from './face.ts'
import type { AgentHarness } from './harness/harness.ts'
import { costAt } from './models/cost.ts'
import { modelPolicy } from './models/model-policy.ts'
import { type Ledger, ledgerOf } from './queue/ledger.ts'
import { apply, type Counts, emptyQueue } from './queue/queue.ts'
import { reportOf } from './report/report.ts'
import { type Responsiveness, responsivenessOf } from './report/responsiveness.ts'
import { mirrorOf } from './run-folder/mirror.ts'
import { openRunFolder } from './run-folder/run-folder.ts'
import { decideSequence } from './sequence.ts'
import type { RunOptions, Session, World } from './session.ts'
import type { RunTitle } from './tui/title.ts'

export interface RunResult extends Verdict {
  readonly run: string
  /** Absolute path of the run folder. */
  readonly folder: string
  readonly tasks: Counts
  readonly responsiveness: Responsiveness
  /** Markdown; also in the folder, as `report.md`. */
  readonly report: string
  /** The same for a terminal of so many columns. */
  readonly reportIn: (columns: number) => string
}

type CarryOut = (session: Session, faces: readonly Face[]) => Promise<Verdict>

/** Only the way that is taken is loaded. */
const CARRY_OUT: Readonly<Record<Sequence, () => Promise<CarryOut>>> = {
  orchestrator: async () => (await import('./execute/carry-out.ts')).carryOut,
  linear: async () => (await import('./linear/carry-out.ts')).carryOutLinear,
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
    const { journal } = folder
    const queue = journal.events.reduce(apply, emptyQueue)
    const [decided, registry] = await Promise.all([
      decideSequence({ asked: options.sequence, begun: queue.started, flag: options.flag }),
      registryFor(folder, { ...options, app, framework: project.framework }, world.bootstrap),
    ])
    const ledger = ledgerOf({ queue, append: journal.append, now: world.clock.now })
    const framework = queue.started ? queue.started.framework : project.framework
    return await watched({
      ...{ options, world, registry, ledger, folder, app, decided },
      project: { ...project, framework },
      models: modelPolicy({
        harness: options.harness.models,
        prompts: [registry.seed, ...registry.prompts.values()],
        ...(options.models === undefined ? {} : { file: options.models }),
      }),
      costOf: costAt({ prices: options.models?.prices ?? [], at: world.clock.now() }),
    })
  } finally {
    await folder.close()
  }
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
    await noteOptions(session)
    const carryOut = await CARRY_OUT[session.decided.sequence]()
    const verdict = await carryOut(session, faces)
    const endedAt = world.clock.now()
    const queue = ledger.committed()
    const responsiveness = responsivenessOf(events, { launchedAt: options.launchedAt, endedAt })
    const { limits } = options
    const told = {
      title,
      limits,
      queue,
      events: [...folder.journal.events, ...events],
      verdict,
      responsiveness,
    }
    const report = reportOf(told)
    // Before the last event, so that a run that is finished always has its report.
    await folder.write('report.md', report)
    await finish(ledger, verdict)
    await mirror.close()
    const reportIn = (columns: number) => reportOf(told, columns)
    return {
      ...{ ...verdict, run: folder.id, folder: folder.path, tasks: queue.counts, responsiveness },
      ...{ report, reportIn },
    }
  } catch (error) {
    await mirror.close().catch(() => undefined)
    throw error
  } finally {
    await Promise.all(faces.map((face) => face.close()))
  }
}

/** What it takes to go on with the run, and who is at work on it. */
async function noteOptions({ options: { asked, harness }, folder }: Session): Promise<void> {
  if (asked === undefined) return
  const noted: RunFileOptions = { version: 1, pid: process.pid, disclosure: harness.disclosure, ...asked }
  await folder.write('options.json', `${JSON.stringify(noted, null, 2)}\n`)
}

function finish(ledger: Ledger, { verdict, reasons, resumable = false }: Verdict): Promise<void> {
  return ledger.transact(() => ({
    events: [{ e: 'run-finished', verdict, reasons: [...reasons], resumable: resumable ?? false }],
    answer: undefined,
  }))
}

async function assertAvailable(harness: AgentHarness): Promise<void> {
  const found = await harness.check()
  if (found.ok) return
  throw new CommandError(
    'run/harness-unavailable',
    `Cannot use harness "${harness.name}": ${found.why}. ${found.fix}`,
  )
}
