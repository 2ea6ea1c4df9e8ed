import { carryOut } from '../../../client/execute/carry-out.ts'
import type { AgentHarness } from '../../../client/harness/harness.ts'
import { modelPolicy } from '../../../client/models/model-policy.ts'
import { type JournalFile, journalOn } from '../../../client/queue/journal.ts'
import { type Replayed, replay } from '../../../client/queue/journal-lines.ts'
import { type Ledger, ledgerOf } from '../../../client/queue/ledger.ts'
import { apply, emptyQueue, runnable } from '../../../client/queue/queue.ts'
import type { Session } from '../../../client/session.ts'
import { options, prompt, registry, world } from '../scripted.ts'
import { agentsOf } from './agents.ts'
import { type Disk, diskOf } from './disk.ts'
import { type Dice, diceOf, type Scheduler, schedulerOf } from './scheduler.ts'
import { Witness } from './witness.ts'

/** A defect put between two parts that are sound. */
export interface Mutant {
  readonly name: string
  readonly file?: (file: JournalFile) => JournalFile
  readonly ledger?: (ledger: Ledger) => Ledger
  readonly harness?: (harness: AgentHarness) => AgentHarness
  readonly replay?: (bytes: Buffer) => Replayed
  readonly concurrency?: (given: number) => number
}

const SOUND: Mutant = { name: 'none' }
/** Steps in which anything may happen; after them things only go on. */
const CHAOS = 200
const LIMIT = 6000

const flow = registry([
  prompt('ask', { runnerSeeded: true, dependsOn: ['poison'] }),
  prompt('work'),
  prompt('poison'),
  prompt('report', { sink: true }),
])
const models = modelPolicy({
  harness: { kind: 'named', profile: 'sdk', fallback: 'm' },
  prompts: [flow.seed, ...flow.prompts.values()],
  file: { fallback: { m: ['m2'] } },
})

/** What happened under one seed. */
export interface Story {
  steps: number
  crashes: number
  executions: number
  succeeded: number
}

interface Simulation {
  readonly dice: Dice
  readonly story: Story
  readonly disk: Disk
  readonly witness: Witness
  readonly mutant: Mutant
  readonly concurrency: number
  readonly maxTasks: number
  /** Goes on from one process to the next. */
  time: number
}

/** Runs, each from its beginning to its end, however often it has to be taken up again. @throws Violation when one of them does not keep its promises */
export async function simulate(seed: number, mutant: Mutant = SOUND): Promise<Story> {
  const dice = diceOf(seed)
  const story = { steps: 0, crashes: 0, executions: 0, succeeded: 0 }
  while (story.steps < CHAOS) {
    const concurrency = 1 + dice.below(4)
    const maxTasks = 6 + dice.below(14)
    const witness = new Witness(concurrency, maxTasks)
    const simulation = { dice, story, disk: diskOf(dice), witness, mutant, concurrency, maxTasks, time: 0 }
    while (!(await live(simulation)));
    story.executions += witness.told.filter(({ e }) => e === 'task-started').length
    const last = witness.told.at(-1)
    if (last?.e === 'run-finished' && last.verdict === 'succeeded') story.succeeded++
  }
  return story
}

/** One process: until the run is over (true), or the process is. */
async function live(simulation: Simulation): Promise<boolean> {
  const { dice, disk, witness, story } = simulation
  const scheduler = schedulerOf(dice, simulation.time, () => (isCalm(story) ? 0 : 0.1))
  const replayed = open(simulation)
  witness.begins(replayed.events)
  if (isOver(witness)) return settle(witness)
  const interrupt = new AbortController()
  const session = sessionOf(simulation, { scheduler, replayed, signal: interrupt.signal })
  session.ledger.subscribe((event) => witness.hears(event))
  const process: { end?: unknown } = {}
  void run(session).then(
    () => {
      process.end = 'over'
    },
    (error: unknown) => {
      process.end = error
    },
  )
  await turn()
  while (process.end === undefined) {
    const happened = await scheduler.step()
    simulation.time = scheduler.now()
    story.steps++
    expectProgress(simulation, happened || process.end !== undefined)
    if ((await befall(simulation, interrupt)) === 'crash') return false
  }
  if (process.end instanceof Error && !disk.hasFailed()) throw process.end
  return isOver(witness) && settle(witness)
}

function expectProgress({ witness, story }: Simulation, goesOn: boolean): void {
  if (!goesOn) witness.objection('nothing can happen any more')
  if (story.steps > LIMIT) witness.objection('the run does not come to its end')
  if (witness.found) throw witness.found
}

/** What may befall a process between two steps. */
async function befall({ dice, story, disk }: Simulation, interrupt: AbortController): Promise<string> {
  if (isCalm(story)) return 'nothing'
  if (dice.chance(0.003)) {
    interrupt.abort()
    await turn()
  }
  if (!dice.chance(0.012)) return 'nothing'
  story.crashes++
  disk.loseWhatIsNotSynced()
  return 'crash'
}

const isCalm = ({ steps }: Story): boolean => steps >= CHAOS
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function open({ disk, mutant }: Simulation): Replayed {
  let replayed: Replayed = { events: [], crc: 0, length: 0 }
  disk.open((bytes) => {
    replayed = mutant.replay?.(bytes) ?? replay(bytes, 'audit.jsonl')
    return replayed.length
  })
  return replayed
}

async function run({ ledger, ...session }: Session): Promise<void> {
  const { verdict, reasons, resumable = false } = await carryOut({ ...session, ledger }, [])
  await ledger.transact(() => ({
    events: [{ e: 'run-finished', verdict, reasons: [...reasons], resumable: resumable ?? false }],
    answer: undefined,
  }))
}

interface Life {
  readonly scheduler: Scheduler
  readonly replayed: Replayed
  readonly signal: AbortSignal
}

function sessionOf(simulation: Simulation, { scheduler, replayed, signal }: Life): Session {
  const { dice, disk, story, witness, mutant, concurrency, maxTasks } = simulation
  const file = disk.file(scheduler, () => !isCalm(story) && dice.chance(0.004))
  const journal = journalOn(mutant.file?.(file) ?? file, {
    ...{ crc: replayed.crc, name: 'audit.jsonl', later: (go) => scheduler.timer(20, go) },
  })
  const queue = replayed.events.reduce(apply, emptyQueue)
  const sound = ledgerOf({ queue, append: journal.append, now: scheduler.now })
  const ledger = mutant.ledger?.(sound) ?? sound
  const agents = agentsOf({ dice, scheduler, witness, head: ledger.head, isCalm: () => isCalm(story) })
  const harness = mutant.harness?.(agents) ?? agents
  const app = '/app'
  return {
    ...{ registry: flow, ledger, app, models, costOf: () => undefined },
    project: { name: 'shop', framework: null },
    decided: { sequence: 'orchestrator', by: 'default', why: 'simulated' },
    options: options(app, harness, {
      concurrency: mutant.concurrency?.(concurrency) ?? concurrency,
      ...{ maxTasks, launchedAt: 0, signal },
    }),
    world: world(flow, {
      clock: scheduler,
      random: dice.random,
      fence:
        () =>
        async ({ tool }) =>
          tool === 'evil' ? { allow: false, reason: 'evil', stop: true } : { allow: true },
    }),
    folder: {
      id: 'r',
      path: '/app/.mill/runs/r',
      journal: { events: replayed.events, ...journal },
      write: async () => undefined,
      close: async () => undefined,
    },
  }
}

function isOver({ told }: Witness): boolean {
  const last = told.at(-1)
  return last?.e === 'run-finished' && last.resumable !== true
}

/** A run that is over has left nothing that could still be done. */
function settle(witness: Witness): true {
  const queue = witness.told.reduce(apply, emptyQueue)
  const [left] = runnable(queue)
  if (left !== undefined) throw witness.objection(`the run is over, and ${left} could still run`)
  return true
}
