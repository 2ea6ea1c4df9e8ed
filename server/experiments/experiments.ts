import { EXPERIMENTS_PATH, parseDeclaration } from '../../build/declarations.ts'
import type { SourceFile, SourceTree } from '../../build/release.ts'
import type { ChannelStatus } from '../../schemas/channel.ts'
import type { Diagnostic } from '../../schemas/diagnostic.ts'
import {
  type AssignmentReason,
  type Experiment,
  type ExperimentList,
  type Exposure,
  experimentsSchema,
} from '../../schemas/experiments.ts'
import type { Channel } from '../channels/channel.ts'
import { armOf, shareOf } from './arm-of.ts'
import { countExposures } from './exposures.ts'

/** What a unit was given. */
export interface Assigned {
  /** Channel of the arm that the unit belongs to. */
  readonly arm: string
  readonly reason: AssignmentReason
  readonly channel: Answering
}

type Answering = Exclude<Channel, { readonly status: 'empty' }>

/** Experiments as the default branch declares them now, and who was given what. */
export interface Experiments {
  /** Takes the declarations of the default branch, or of the work tree. What cannot be used changes nothing. */
  readonly declare: (declared: SourceTree) => void
  readonly has: (experiment: string) => boolean
  readonly names: () => readonly string[]
  /** Undefined when neither the arm nor the control answers with anything. */
  readonly assign: (experiment: string, unit: string) => Assigned | undefined
  /** Remembers that somebody was given this. */
  readonly expose: (experiment: string, assigned: Assigned) => void
  readonly exposures: () => readonly Exposure[]
  readonly list: () => ExperimentList
  /** Warns of arms that are no channel, once each. */
  readonly tellMissing: () => void
}

export interface ExperimentsOptions {
  readonly channel: (name: string) => Channel | undefined
  /** Must not throw. */
  readonly onWarning: (sentence: string) => void
}

/** No experiments until some are declared. */
export function openExperiments({ channel, onWarning }: ExperimentsOptions): Experiments {
  const exposures = countExposures()
  let experiments: ReadonlyMap<string, Experiment> = new Map()
  let diagnostics: readonly Diagnostic[] = []
  let told: ReadonlySet<string> = new Set()
  const answering = (name: string): Answering | undefined => {
    const found = channel(name)
    return found?.status === 'empty' ? undefined : found
  }
  const statusOf = (name: string): ChannelStatus['status'] | 'missing' => channel(name)?.status ?? 'missing'
  return {
    declare: (declared) => {
      const read = readExperiments(declared)
      diagnostics = read.diagnostics
      experiments = read.experiments ?? experiments
    },
    has: (name) => experiments.has(name),
    names: () => [...experiments.keys()],
    assign: (name, unit) => {
      const experiment = experiments.get(name)
      const own = experiment && armOf(experiment, unit)?.channel
      const control = experiment?.arms[0]?.channel
      if (own === undefined || control === undefined) return undefined
      const chosen = experiment?.enabled === true ? answering(own) : undefined
      if (chosen !== undefined) return { arm: own, reason: 'assigned', channel: chosen }
      const given = answering(control)
      const reason = experiment?.enabled === true ? 'arm-unavailable' : 'killed'
      return given && { arm: own, reason, channel: given }
    },
    expose: (experiment, { reason, channel: { name } }) =>
      exposures.count({ experiment, channel: name, reason }),
    exposures: exposures.all,
    list: () => ({
      experiments: [...experiments.values()].map(({ name, unit, enabled, arms }) => ({
        ...{ name, unit, enabled },
        arms: arms.map((arm) => ({ ...arm, share: shareOf(arm, arms), status: statusOf(arm.channel) })),
        exposures: exposures
          .all()
          .filter(({ experiment }) => experiment === name)
          .map(({ experiment: _, ...rest }) => rest),
      })),
      diagnostics: [...diagnostics],
    }),
    tellMissing: () => {
      const arms = [...experiments.values()].flatMap(({ name, arms }) =>
        arms.map((arm) => ({ ...arm, name })),
      )
      const missing = new Set(arms.filter((arm) => channel(arm.channel) === undefined).map(missingArm))
      for (const sentence of missing) if (!told.has(sentence)) onWarning(sentence)
      told = missing
    },
  }
}

function missingArm({ name, channel }: { readonly name: string; readonly channel: string }): string {
  return `Cannot give the arm "${channel}" of the experiment "${name}": expected a channel that /channels lists; its units are given the control`
}

interface Read {
  /** Undefined when they cannot be used. */
  readonly experiments: ReadonlyMap<string, Experiment> | undefined
  readonly diagnostics: readonly Diagnostic[]
}

function readExperiments(declared: SourceTree): Read {
  const file = declared.files.find(({ path }) => path === EXPERIMENTS_PATH)
  const refused = declared.diagnostics.filter(({ path }) => path === EXPERIMENTS_PATH)
  if (file === undefined) {
    return { experiments: refused.length > 0 ? undefined : new Map(), diagnostics: refused }
  }
  return parseExperiments(file)
}

function parseExperiments(file: SourceFile): Read {
  const diagnostics: Diagnostic[] = []
  const read = parseDeclaration(experimentsSchema, file, (diagnostic) => void diagnostics.push(diagnostic))
  return { experiments: read && new Map(read.experiments.map((one) => [one.name, one])), diagnostics }
}
