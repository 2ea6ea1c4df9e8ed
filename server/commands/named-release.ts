import { type ChannelState, namesIn } from '../../build/publish/channel-state.ts'
import { layoutOf } from '../../build/publish/layout.ts'
import { wasPointedAt } from '../../build/publish/record.ts'
import { CommandError, EXIT } from '../../schemas/cli.ts'

/** Fewer digits say too little. */
const MIN_PREFIX = 4

/**
 * The release that a person means: by its name, by the first digits of it that no other has, or, counted back from what
 * the channel answers with now, as `-1`, `-2` and so on.
 *
 * @throws {CommandError} `release/unknown` or `release/ambiguous`
 */
export async function namedRelease(store: string, state: ChannelState, named: string): Promise<string> {
  const { channel } = state
  const back = /^-([1-9][0-9]{0,3})$/.exec(named)?.[1]
  if (back !== undefined) return stepBack(state, Number(back))
  const wanted = `expected ${MIN_PREFIX} digits or more of a release of the store, or -1 for the one before; mill channels lists them`
  if (!new RegExp(`^[0-9a-f]{${MIN_PREFIX},64}$`).test(named)) {
    throw refusal('release/unknown', `Cannot pin channel "${channel}" to "${named}": ${wanted}`)
  }
  const files = await namesIn(layoutOf(store).releases)
  const ids = files.flatMap((file) => /^([0-9a-f]{64})\.json$/.exec(file)?.[1] ?? [])
  const [id, ...others] = ids.filter((one) => one.startsWith(named))
  if (id === undefined) {
    throw refusal(
      'release/unknown',
      `Cannot pin channel "${channel}" to "${named}": the store has no such release, ${wanted}`,
    )
  }
  if (others.length === 0) return id
  const both = [id, ...others].map((one) => one.slice(0, 16)).join(', ')
  throw refusal(
    'release/ambiguous',
    `Cannot pin channel "${channel}" to "${named}": it may be ${both}, expected more digits`,
  )
}

/** What a channel answered with, one after the other, the last one last. */
function answeredBy({ record }: ChannelState): string[] {
  const served = record.entries.filter(wasPointedAt).map(({ release }) => release)
  return served.filter((release, at) => release !== served[at - 1])
}

function stepBack(state: ChannelState, steps: number): string {
  const answered = answeredBy(state)
  const release = answered.at(-1 - steps)
  if (release !== undefined) return release
  throw refusal(
    'release/unknown',
    `Cannot go back ${steps} from what channel "${state.channel}" answers with: the store knows ${answered.length - 1} before it, expected a smaller step`,
  )
}

function refusal(code: `release/${string}`, message: string): CommandError {
  return new CommandError(code, message, { exit: EXIT.usage })
}
