import { CEILING_PATH, ceilingOf } from '../../build/ceiling.ts'
import { parseDeclaration } from '../../build/declarations.ts'
import type { SourceTree, ToolCeiling } from '../../build/release.ts'
import { type Ceiling, ceilingSchema } from '../../schemas/ceiling.ts'

/** What the default branch lets each channel give to its agents. */
export interface ChannelCeilings {
  /** Takes what the default branch declares; undefined when what it says cannot be known. */
  readonly declare: (declared: SourceTree | undefined) => void
  /** Undefined when nothing is forbidden to the channel. */
  readonly of: (channel: string) => ToolCeiling | undefined
}

/** Holds when the first ceiling that is seen cannot be read: then nobody knows what is allowed. */
const NOTHING: Ceiling = { channels: { '*': { tools: [] } } }

/** A ceiling that can no longer be read stays as it was: a mistake in it must not free an experiment. */
export function channelCeilings(): ChannelCeilings {
  let ceiling: Ceiling | undefined
  return {
    declare: (declared) => {
      const file = declared?.files.find(({ path }) => path === CEILING_PATH)
      if (file !== undefined) {
        ceiling = parseDeclaration(ceilingSchema, file, () => undefined) ?? ceiling ?? NOTHING
      } else if (declared?.diagnostics.some(({ path }) => path === CEILING_PATH) !== false) {
        ceiling ??= NOTHING
      } else ceiling = undefined
    },
    of: (channel) => ceiling && ceilingOf(ceiling, channel),
  }
}

/** A ceiling as one text, by which two are told apart; null for none. */
export function ceilingText(ceiling: ToolCeiling | undefined): string | null {
  return ceiling === undefined ? null : [...ceiling.tools].sort().join(' ')
}

/** The tools of a ceiling that is told as its text. */
export function toolsOfText(text: string): ReadonlySet<string> {
  return new Set(text.split(' ').filter(Boolean))
}

/** True when what was built under one ceiling, told as its text, gives nothing that another forbids. */
export function isWithin(built: string | null | undefined, ceiling: ToolCeiling | undefined): boolean {
  const allowed: ReadonlySet<string> | undefined = ceiling?.tools
  if (allowed === undefined) return true
  return typeof built === 'string' && toolsOfText(built).isSubsetOf(allowed)
}
