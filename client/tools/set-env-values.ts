import { z } from 'zod'
import type { HostTool } from '../harness/harness.ts'
import { envPlace, readEnvText, usualEnvFile, writeEnvText } from './env/env-file.ts'
import { envKey, isSecretName, placeholderFor } from './env/env-key.ts'
import { standingOf, unwritable, withValues } from './env/env-text.ts'
import { type Exposure, keepFromGit } from './env/git-ignore.ts'
import type { GivenValues } from './env/given-values.ts'
import { oneAtATime } from './files/one-at-a-time.ts'
import { hostTool } from './host-tool.ts'

const value = z.union([
  z.string().min(1).max(4096).describe('The value itself; not for keys, tokens and passwords'),
  z
    .strictObject({ from: z.enum(['person', 'placeholder']) })
    .describe('person: what the person gave for this name; placeholder: a text for the person to replace'),
])

const input = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe('Such as "apps/web/.env.local"; the usual one without it'),
  values: z
    .record(envKey, value)
    .refine((values) => Object.keys(values).length > 0, 'expected at least one name')
    .refine((values) => Object.keys(values).length <= 50, 'expected at most 50 names')
    .describe('Name to value'),
})

export interface EnvTools {
  /** Absolute. */
  readonly app: string
  /** Absolute, inside `app`. */
  readonly runFolder: string
  readonly framework: string | null
  readonly given: GivenValues
}

type Values = z.output<typeof input>['values']

/** Puts environment values in the app's file for them. What has a value keeps it, and no value is ever shown. */
export function setEnvValues(tools: EnvTools): HostTool {
  const { app, framework, runFolder, given } = tools
  return hostTool({
    name: 'set_env_values',
    description:
      'Set environment values of the app, in .env.local or whichever file it uses. A name that has a value keeps it. Values are never shown.',
    input,
    run: async ({ file, values }) => {
      const wanted = textsOf(values, given)
      const place = await envPlace(app, file ?? (await usualEnvFile(app, framework)))
      return oneAtATime(place.path, async () => {
        const before = await readEnvText(place)
        const open = new Map([...wanted].filter(([key]) => standingOf(before, key) !== 'set'))
        const exposure = open.size > 0 ? await keepFromGit(app, place) : undefined
        if (open.size > 0) await writeEnvText(place, withValues(before, open), runFolder)
        const lines = [...wanted.keys()].map((key) =>
          open.has(key) ? `${key}: ${howSet(values, key)}` : `${key}: left as it was, it has a value`,
        )
        return [`In ${place.asked}${noteOf(exposure)}`, ...lines].join('\n')
      })
    },
  })
}

/** All of them or none: an agent that is refused one value has changed nothing. */
function textsOf(values: Values, given: GivenValues): ReadonlyMap<string, string> {
  const texts = Object.entries(values).map(([key, asked]): [string, string] => {
    const text = textOf(key, asked, given)
    const problem = unwritable(text)
    if (problem) throw new Error(`Cannot set ${key}: ${problem}`)
    return [key, text]
  })
  return new Map(texts)
}

function textOf(key: string, asked: Values[string], given: GivenValues): string {
  if (typeof asked === 'string') {
    if (!isSecretName(key)) return asked
    throw new Error(
      `Cannot set ${key}: such values come from a person, expected {"from": "person"} or {"from": "placeholder"}`,
    )
  }
  if (asked.from === 'placeholder') return placeholderFor(key)
  const found = given.get(key)
  if (found !== undefined) return found
  throw new Error(
    `Cannot set ${key}: no person gave a value for it; ask with ask_user and keepAs if you may, or set {"from": "placeholder"}`,
  )
}

function howSet(values: Values, key: string): string {
  const asked = values[key]
  if (typeof asked !== 'object') return 'set'
  return asked.from === 'person' ? 'set to what the person gave' : 'set to a placeholder'
}

function noteOf(exposure: Exposure | undefined): string {
  return exposure === 'newly-ignored' ? ', which .gitignore names from now on' : ''
}
