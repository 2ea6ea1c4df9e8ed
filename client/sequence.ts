import { CommandError, EXIT } from '../schemas/cli.ts'
import type { Decider, RunEvent, Sequence } from '../schemas/run-event.ts'

/** How a run is carried out, and who said so. */
export interface SequenceDecision {
  readonly sequence: Sequence
  readonly by: Decider
  /** For a person. */
  readonly why: string
}

/** How runs are carried out as long as nobody says otherwise. */
export const BY_DEFAULT: SequenceDecision = {
  sequence: 'orchestrator',
  by: 'default',
  why: 'nobody says otherwise',
}

export interface Deciding {
  /** What the person asked for. */
  readonly asked?: Sequence | undefined
  /** What the run was when it began, where it has. */
  readonly begun: Extract<RunEvent, { e: 'run-started' }> | null
  /** What the flag says; asked last, since that can take a while. */
  readonly flag?: (() => Promise<SequenceDecision>) | undefined
}

/**
 * Settles how a run is carried out: as it began, as it was asked for, or as the flag says.
 * @throws CommandError `run/sequence-changed` when a run is to go on as something else than it began
 */
export async function decideSequence({ asked, begun, flag }: Deciding): Promise<SequenceDecision> {
  if (begun) return asBegun(begun, asked)
  if (asked) return { sequence: asked, by: 'option', why: `--sequence ${asked}` }
  return (await flag?.()) ?? BY_DEFAULT
}

function asBegun(
  { run, sequence = 'orchestrator', decidedBy, decidedWhy }: NonNullable<Deciding['begun']>,
  asked: Sequence | undefined,
): SequenceDecision {
  if (asked === undefined || asked === sequence) {
    return { sequence, by: decidedBy ?? BY_DEFAULT.by, why: decidedWhy ?? BY_DEFAULT.why }
  }
  throw new CommandError(
    'run/sequence-changed',
    `Cannot go on with run "${run}" as "${asked}": it began as "${sequence}". Leave out --sequence, or begin a new run`,
    { exit: EXIT.usage },
  )
}
