import type { ModelsFile } from '../schemas/models.ts'
import type { Sequence } from '../schemas/run-event.ts'
import type { AskedOptions } from '../schemas/run-options.ts'
import type { BootstrapOptions, BootstrappedRegistry } from './bootstrap/bootstrap.ts'
import type { Clock } from './clock.ts'
import type { DetectedApp } from './detect/detect.ts'
import type { RunLimits } from './execute/budget.ts'
import type { Face } from './face.ts'
import type { FenceOptions } from './fence.ts'
import type { AgentHarness, AgentJob } from './harness/harness.ts'
import type { CostOf } from './models/cost.ts'
import type { ModelPolicy } from './models/model-policy.ts'
import type { Ledger } from './queue/ledger.ts'
import type { RunFolder } from './run-folder/run-folder.ts'
import type { SequenceDecision } from './sequence.ts'
import type { Asker } from './tools/ask/asker.ts'
import type { RunTitle } from './tui/title.ts'

export interface RunOptions {
  /** When the person asked for it; milliseconds since the epoch. */
  readonly launchedAt: number
  readonly app: string
  readonly base: string
  readonly flow: string
  readonly concurrency: number
  readonly maxTasks: number
  readonly limits: RunLimits
  /** Which models may run and what they cost, beside what prompts say. */
  readonly models?: ModelsFile
  readonly resume: boolean
  /** Id of the run to take up again; else it is the newest one that can be. */
  readonly run?: string
  /** Kept in the run folder, so that the run can be taken up again in the same way. */
  readonly asked?: AskedOptions
  /** How the run is to be carried out, whatever the flag says. */
  readonly sequence?: Sequence
  /** What the flag says; asked once, when a run begins and nobody asked for a sequence. */
  readonly flag?: () => Promise<SequenceDecision>
  readonly harness: AgentHarness
  /** Who puts the questions of agents to the person; without it every question counts as declined. */
  readonly asker?: Asker
  /** How long a question waits for its answer. */
  readonly askTimeoutMs?: number
  /** Environment values that the person gave for the app, by name; they are written nowhere but into its own file. */
  readonly given?: ReadonlyMap<string, string>
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

/** A run under way: what was asked for, and what was settled before the first agent. */
export interface Session {
  readonly options: RunOptions
  readonly world: World
  readonly registry: BootstrappedRegistry
  readonly ledger: Ledger
  readonly folder: RunFolder
  readonly app: string
  readonly project: DetectedApp
  readonly models: ModelPolicy
  readonly costOf: CostOf
  readonly decided: SequenceDecision
}
