import { RuleError, read } from '../../agent.ts'
import type { PolicyTools } from '../../policy.ts'
import type { Outcome, Rule } from '../../rule.ts'

const EXAMPLE = '.env.example'
const HOSTS = ['https://us.i.posthog.com', 'https://eu.i.posthog.com']
const GIVEN = 'the person gave a value for it'

/** Gives the variables of the init point what a person gives, and names what nobody gave. */
export const configure: Rule = {
  goal: 'Give the variables of the init point their values',
  follow: async (tools) => {
    const names = await documented(tools)
    const key = names.find((name) => name.endsWith('_KEY'))
    if (key === undefined) return notNeeded(`${EXAMPLE} names no project key`)
    const standings = await standingsOf(tools, names)
    const open = names.filter((name) => !standings.get(name)?.startsWith('set '))
    if (!open.includes(key)) return { status: 'done', did: `Found ${key} set already` }
    const given = open.filter((name) => standings.get(name)?.includes(GIVEN))
    if (!given.includes(key)) {
      if (!(await asked(tools, { keepAs: key, question: 'What is the key of your PostHog project?' })))
        return notNeeded(`Nobody gave a project key; a person has still to set ${open.join(' and ')}`)
      given.push(key)
      for (const host of open.filter((name) => name.endsWith('_HOST') && !given.includes(name)))
        if (await asked(tools, { ...REGION, keepAs: host })) given.push(host)
    }
    return setAll(tools, given, open)
  },
}

const REGION = {
  question: 'Which host does your PostHog project send to?',
  options: HOSTS,
  default: HOSTS[0],
}

/** Variables of PostHog that the app names without their values. */
async function documented(tools: PolicyTools): Promise<readonly string[]> {
  const text = (await read(tools, EXAMPLE)) ?? ''
  return [...text.matchAll(/^[#\s]*([A-Z0-9_]*POSTHOG_[A-Z0-9_]+)=/gm)].map(([, name = '']) => name)
}

async function standingsOf(
  tools: PolicyTools,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { ok, text } = await tools.call('check_env_keys', { keys })
  if (!ok) throw new RuleError(text)
  return new Map(
    [...text.matchAll(/^(\w+): (.*)$/gm)].map(([, name = '', standing = '']) => [name, standing]),
  )
}

/** True when the person gave a value, which no agent sees. */
async function asked(tools: PolicyTools, question: Readonly<Record<string, unknown>>): Promise<boolean> {
  const { ok, text } = await tools.call('ask_user', question)
  return ok && text.startsWith('The person answered. ')
}

async function setAll(
  tools: PolicyTools,
  given: readonly string[],
  open: readonly string[],
): Promise<Outcome> {
  const values = Object.fromEntries(given.map((name) => [name, { from: 'person' }]))
  const { ok, text } = await tools.call('set_env_values', { values })
  if (!ok) throw new RuleError(text)
  const file = /^In ([^\s,]+)/.exec(text)?.[1] ?? ''
  const unset = open.filter((name) => !given.includes(name))
  return {
    status: 'done',
    did: `Set ${given.join(' and ')} in ${file} to what the person gave`,
    filesTouched: text.includes('.gitignore') ? [file, '.gitignore'] : [file],
    ...(unset.length > 0 ? { assumptions: `${unset.join(' and ')} may stay empty` } : {}),
  }
}

function notNeeded(reason: string): Outcome {
  return { status: 'not-needed', did: 'Set nothing', reason }
}
