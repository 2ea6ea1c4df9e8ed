import { InvalidArgumentError } from 'commander'
import { modelName } from '../schemas/agent-prompt.ts'
import { flowName } from '../schemas/ids.ts'
import type { ModelsFile } from '../schemas/models.ts'
import { type Sequence, sequenceSchema } from '../schemas/run-event.ts'
import type { HarnessName } from './harness/harnesses.ts'

/** What `mill run` is told; `mill resume` tells the same once more. */
export interface RunFlags {
  readonly base: string
  readonly flow: string
  /** Public key that the channel must be signed with, or the file that holds it. */
  readonly key?: string
  readonly harness: HarnessName
  readonly modelUrl?: string
  readonly concurrency: number
  readonly maxTasks: number
  readonly maxUsd?: number
  readonly maxMinutes?: number
  /** Runs every prompt, whatever it names. */
  readonly model?: string
  /** A file, or what it said when the run began. */
  readonly models?: string | ModelsFile
  readonly resume: boolean
  /** Id of the run to take up again. */
  readonly run?: string
  readonly json: boolean
  /** File. */
  readonly telemetry?: string
  /** Host of PostHog. */
  readonly telemetryPosthog?: string
  /** Address of an OpenTelemetry collector. */
  readonly telemetryOtlp?: string
  readonly sequence?: Sequence
  /** File of flags. */
  readonly flags?: string
  /** `KEY=value` or `KEY`; of this session alone, and kept nowhere. */
  readonly env?: readonly string[]
  /** Seconds. */
  readonly askTimeout?: number
}

/** Where the server is, unless somebody says otherwise. */
export const DEFAULT_BASE = 'http://localhost:8765'

/** Reads the name of a flow. @throws InvalidArgumentError */
export function parseFlow(text: string): string {
  if (flowName.safeParse(text).success) return text
  throw new InvalidArgumentError('expected a flow name such as "integrate-posthog"')
}

/** Reads the address of a server. @throws InvalidArgumentError */
export function parseBase(text: string): string {
  const url = URL.parse(text)
  // It is written down and shown, and nobody can be asked with one.
  if (url?.username || url?.password) throw new InvalidArgumentError('expected an address without a password')
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash) return text
  throw new InvalidArgumentError(`expected an http address such as ${DEFAULT_BASE}`)
}

/** Reads a number above 0. @throws InvalidArgumentError */
export function positiveNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : 0
    if (value > 0 && value <= most) return value
    throw new InvalidArgumentError(`expected a number above 0 and up to ${most}`)
  }
}

/** Reads a whole number from 1 up. @throws InvalidArgumentError */
export function wholeNumber(most: number): (text: string) => number {
  return (text) => {
    const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0
    if (value >= 1 && value <= most) return value
    throw new InvalidArgumentError(`expected a whole number from 1 to ${most}`)
  }
}

/** Reads the id of a model. @throws InvalidArgumentError */
export function parseModel(text: string): string {
  if (modelName.safeParse(text).success) return text
  throw new InvalidArgumentError('expected a model id such as "qwen3-coder:30b"')
}

/** `orchestrator` or `linear`. */
export function parseSequence(text: string): Sequence {
  const { data } = sequenceSchema.safeParse(text)
  if (data !== undefined) return data
  throw new InvalidArgumentError(`expected one of ${sequenceSchema.options.join(', ')}`)
}

/** Gathers an option that may be given several times. */
export function gathered(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}
