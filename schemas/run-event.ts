import { z } from 'zod'
import { modelName } from './agent-prompt.ts'
import { channelName } from './channel.ts'
import { handoffSchema } from './handoff.ts'
import { flowName, frameworkName, taskType } from './ids.ts'

/** Why an attempt came to nothing. */
export const FAILURES = [
  'rate-limit',
  'auth',
  'api',
  'timeout',
  'budget',
  'security',
  'no-report',
  'self-reported',
  'crash',
  'machine',
  'cancelled',
] as const
export const failureKindSchema = z.enum(FAILURES)
export type FailureKind = z.infer<typeof failureKindSchema>

/** Why `enqueue_task` refused. */
const GUARDS = [
  'queue-full',
  'depth',
  'unknown-type',
  'invalid-model',
  'unknown-dep',
  'dead-dep',
  'seeded-dep',
  'sink-closure',
  'after-sink',
  'duplicate',
] as const
export const guardNameSchema = z.enum(GUARDS)
export type GuardName = z.infer<typeof guardNameSchema>

/** `t1`, `t2` …, in the order they were queued. */
export const taskId = z.string().regex(/^t[1-9][0-9]{0,6}$/, 'expected a task id such as "t3"')

/** A task as it was queued; what became of it is told by later events. */
export const taskSpecSchema = z.strictObject({
  id: taskId,
  type: taskType,
  label: z.string().min(1).max(120),
  dependsOn: z.array(taskId).readonly(),
  inputs: z.record(z.string(), z.json()),
  /** Overrides the prompt's model. */
  model: z.string().optional(),
  maxAttempts: z.int().min(1),
  /** Task id, `seed`, or `runner`. */
  enqueuedBy: z.string().min(1),
  /** 0 for what the seed or the runner queued, else its parent's plus one. */
  depth: z.int().min(0),
  /** Dependents run even when it fails. */
  optional: z.boolean(),
  reason: z.string().max(2000).optional(),
})
export type TaskSpec = z.infer<typeof taskSpecSchema>

const usageSchema = z.strictObject({
  model: z.string(),
  input: z.int().min(0),
  output: z.int().min(0),
  cacheRead: z.int().min(0),
  cacheWrite: z.int().min(0),
  /** An answer among these broke off: more was used than its provider had told by then. */
  isCut: z.literal(true).optional(),
})
export type Usage = z.infer<typeof usageSchema>

const spent = {
  turns: z.int().min(0),
  usage: z.array(usageSchema),
  /** US dollars; absent when the price is not known. */
  usd: z.number().min(0).optional(),
}

/** How a run is carried out: tasks that are planned and drained, or one agent with one prompt. */
const SEQUENCES = ['orchestrator', 'linear'] as const
export const sequenceSchema = z.enum(SEQUENCES)
export type Sequence = z.infer<typeof sequenceSchema>

/** Who said how a run is carried out. */
const deciderSchema = z.enum(['option', 'flags-file', 'environment', 'posthog', 'default'])
export type Decider = z.infer<typeof deciderSchema>

/** `at` is milliseconds since the epoch. */
const at = z.number()

const failure = z.strictObject({
  kind: failureKindSchema,
  message: z.string(),
  /** The model that could not be had, where that is the trouble. */
  lostModel: modelName.optional(),
})

/** One line of the journal. The queue is what results from applying them in order. */
export const runEventSchema = z.discriminatedUnion('e', [
  z.strictObject({
    e: z.literal('run-started'),
    at,
    run: z.string(),
    flow: flowName,
    channel: channelName.nullable(),
    release: z.string(),
    framework: frameworkName.nullable(),
    harness: z.string(),
    concurrency: z.int().min(1),
    /** When the person asked for the run. */
    launchedAt: at.optional(),
    /** Where it is absent, the run is as old as tasks are: `orchestrator`. */
    sequence: sequenceSchema.optional(),
    decidedBy: deciderSchema.optional(),
    /** Why it was decided so, for a person. */
    decidedWhy: z.string().max(500).optional(),
  }),
  z.strictObject({
    e: z.literal('run-resumed'),
    at,
    /** When the person asked to go on. */
    launchedAt: at.optional(),
    /** A planner was killed at work, and what it had used is not known. */
    isCut: z.literal(true).optional(),
  }),
  z.strictObject({ e: z.literal('seed-started'), at, model: z.string() }),
  z.strictObject({
    e: z.literal('seed-ended'),
    at,
    failure: failure.nullable(),
    /** True when the planner is asked once more. */
    retry: z.boolean().optional(),
    ...spent,
  }),
  z.strictObject({ e: z.literal('task-enqueued'), at, task: taskSpecSchema }),
  z.strictObject({ e: z.literal('dependency-added'), at, id: taskId, dependsOn: taskId }),
  z.strictObject({
    e: z.literal('guard-tripped'),
    at,
    guard: guardNameSchema,
    by: z.string(),
    message: z.string(),
  }),
  z.strictObject({
    e: z.literal('task-started'),
    at,
    id: taskId,
    attempt: z.int().min(1),
    model: z.string(),
  }),
  z.strictObject({
    e: z.literal('task-reported'),
    at,
    id: taskId,
    attempt: z.int().min(1),
    status: z.enum(['done', 'not-needed', 'failed']),
    handoff: handoffSchema,
    /** Why it failed or was not needed. */
    reason: z.string().max(2000).optional(),
  }),
  z.strictObject({
    e: z.literal('attempt-ended'),
    at,
    id: taskId,
    attempt: z.int().min(1),
    failure: failure.nullable(),
    /** True when the task goes back to pending. */
    retry: z.boolean(),
    ...spent,
  }),
  z.strictObject({ e: z.literal('task-cancelled'), at, id: taskId, reason: z.string() }),
  /** A task asks the person. Neither the question nor the answer is told: they may hold what is nobody else's. */
  z.strictObject({ e: z.literal('question-asked'), at, id: taskId }),
  z.strictObject({
    e: z.literal('question-settled'),
    at,
    id: taskId,
    outcome: z.enum(['answered', 'declined', 'no-answer', 'nobody-there']),
  }),
  z.strictObject({
    e: z.literal('run-finished'),
    at,
    verdict: z.enum(['succeeded', 'failed', 'cancelled']),
    reasons: z.array(z.string()),
    /** True when the run was stopped before its end, so that it can be taken up again. */
    resumable: z.boolean().optional(),
  }),
])
export type RunEvent = z.infer<typeof runEventSchema>
