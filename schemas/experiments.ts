import { z } from 'zod'
import { channelName } from './channel.ts'
import { diagnosticSchema } from './diagnostic.ts'
import { releaseId } from './release.ts'

const experimentName = z
  .string()
  .max(80)
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*$/,
    'expected an experiment name of lower-case letters, digits and single dashes',
  )

const armSchema = z.strictObject({
  channel: channelName,
  /** Its share is its weight by the weights of all arms. */
  weight: z.number().positive('expected a weight above 0').max(1_000_000),
})
export type Arm = z.infer<typeof armSchema>

/** Two or more channels among which units are spread; the first is the control. */
const experimentSchema = z.strictObject({
  name: experimentName,
  arms: z
    .array(armSchema)
    .min(2)
    .superRefine((arms, context) => {
      tellRepeated(context, { names: arms.map(({ channel }) => channel), key: 'channel', what: 'arm' })
    }),
  /** What a unit is, such as "a project": the same one is always given the same arm. */
  unit: z.string().min(1).max(200),
  /** False ends the experiment: every unit is given the control. */
  enabled: z.boolean().default(true),
})
export type Experiment = z.infer<typeof experimentSchema>

const uniqueExperiments = z.array(experimentSchema).superRefine((experiments, context) => {
  tellRepeated(context, { names: experiments.map(({ name }) => name), key: 'name', what: 'experiment' })
})

/** `experiments.yaml` on the default branch. */
export const experimentsSchema = z.strictObject({ experiments: uniqueExperiments })

/** Why a unit is given the channel it is given. */
const ASSIGNMENT_REASONS = ['assigned', 'killed', 'arm-unavailable'] as const
const reasonSchema = z.enum(ASSIGNMENT_REASONS)
export type AssignmentReason = z.infer<typeof reasonSchema>

/** `GET /assign?experiment=&unit=`. */
export const assignmentSchema = z.strictObject({
  experiment: experimentName,
  unit: z.string(),
  /** Arm that the unit belongs to, by its channel. */
  arm: channelName,
  /** Channel that it is given: its arm, or the control. */
  channel: channelName,
  reason: reasonSchema,
  /** Where that channel answers; ends with `/`. */
  url: z.url(),
  /** What the channel answers with now. */
  release: releaseId,
  /** Where that very release answers for ever; ends with `/`. */
  releaseUrl: z.url(),
  /** Null when the channel answers with the sound part of content that has errors. */
  serial: z.int().min(1).nullable(),
})
export type Assignment = z.infer<typeof assignmentSchema>

/** How often a channel was given to somebody since the server started. */
const exposureSchema = z.strictObject({
  experiment: experimentName,
  channel: channelName,
  reason: reasonSchema,
  count: z.int().min(1),
})
export type Exposure = z.infer<typeof exposureSchema>

/** `GET /experiments`. */
export const experimentListSchema = z.strictObject({
  experiments: z.array(
    z.strictObject({
      name: experimentName,
      unit: z.string(),
      enabled: z.boolean(),
      /** The first is the control. */
      arms: z.array(
        z.strictObject({
          channel: channelName,
          weight: z.number(),
          /** Part of all units, from 0 to 1. */
          share: z.number(),
          /** What `/channels` says of it; `missing` when it is not there. */
          status: z.enum(['live', 'stale', 'retired', 'empty', 'missing']),
        }),
      ),
      exposures: z.array(exposureSchema.omit({ experiment: true })),
    }),
  ),
  /** Why `experiments.yaml` cannot be used as it is now; what it said before holds until it can. */
  diagnostics: z.array(diagnosticSchema),
})
export type ExperimentList = z.infer<typeof experimentListSchema>

interface Names {
  readonly names: readonly string[]
  readonly key: string
  readonly what: string
}

function tellRepeated(context: z.RefinementCtx, { names, key, what }: Names): void {
  for (const [at, name] of names.entries()) {
    if (names.indexOf(name) === at) continue
    context.addIssue({
      code: 'custom',
      path: [at, key],
      message: `expected a ${key} that no other ${what} has`,
    })
  }
}
