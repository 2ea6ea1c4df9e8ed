/**
 * The words of this house, and the grammar of their names.
 *
 * - *flow*: a folder of agent prompts that plan and do one job
 * - *agent prompt*: one task type, the WHAT
 * - *skill*: a procedure, the HOW; *group*, *variant*: one skill template times frameworks
 * - *artifact*: bytes with a digest; *release*: an immutable set of artifacts, named by its digest
 * - *channel*: a named, ordered sequence of releases; each has a serial
 * - *run*: one execution of a flow on one app; *task*: one piece of it; *attempt*: one try at a task
 * - *handoff*: what a finished attempt leaves for the next; *seed*: the prompt that plans; *sink*: the task that waits for all others
 * - *harness*: what runs one agent
 * - *sequence*: how a run is carried out: `orchestrator`, as tasks, or `linear`, by one agent with one prompt
 */
import { z } from 'zod'

const NAME = /^[a-z0-9][a-z0-9_-]*$/

const name = (what: string) =>
  z
    .string()
    .max(100, `expected ${what} of at most 100 characters`)
    .regex(
      NAME,
      `expected ${what} of lower-case letters, digits, "-" and "_", starting with a letter or digit`,
    )

/** Folder name of a flow, such as `integrate-posthog`. */
export const flowName = name('a flow name')

/** File name of an agent prompt without `.md`, such as `plan-capture`. */
export const taskType = name('a task type')

/** Id of a skill as clients ask for it: dashed group key, `-`, variant id. */
export const skillId = name('a skill id')

/** Id of one variant inside its group, such as `nextjs`. */
export const variantId = name('a variant id')

/** Id of a document of docs.yaml, such as `cloudflare-workers`. */
export const docId = name('a document id')

/** Name of a framework as the client detects it, such as `nextjs`. */
export const frameworkName = name('a framework name')

/** A file name in the flat namespace of a release: no folders, no leading dot. */
export const artifactName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/, 'expected a flat file name without folders')

/** Path inside a skill: relative, forward slashes, no `.` or `..` segment. */
export const skillPath = z
  .string()
  .min(1)
  .max(400)
  .refine(
    (path) =>
      !path.includes('\\') &&
      !path.includes('\0') &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'expected a relative path with forward slashes that stays inside the skill',
  )

/** A group key with its slashes turned into dashes: `integration/init` is served as `integration-init`. */
export function dashed(groupKey: string): string {
  return groupKey.replaceAll('/', '-')
}
