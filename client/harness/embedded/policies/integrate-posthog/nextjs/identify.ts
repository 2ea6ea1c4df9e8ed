import { grep, RuleError, read, rewrite, undisturbed } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Rule } from '../../../rule.ts'
import { styleOf, withImport } from '../../../source/module.ts'
import { insertLine } from '../../../source/statements.ts'
import { replyPoint, successPoint } from '../../../source/success.ts'
import { aboutSessions, type Handler, handlers } from './handlers.ts'

/** Tells who it is when a login has succeeded, and forgets it at logout. */
export const identify: Rule = {
  goal: 'Identify people at login, and forget them at logout',
  follow: async (tools) => {
    const all = await handlers(tools)
    const login = all.find(({ request }) => aboutSessions(request) === 'login')
    if (!login) {
      const [field] = await grep(tools, 'type=["\']password["\']', '**/*.{jsx,tsx}')
      if (field)
        throw new RuleError(
          `Cannot follow the login in ${field.file}: expected a handler that sends one request`,
        )
      return { status: 'not-needed', did: 'Found no login', reason: 'Nobody can log in to this app' }
    }
    const touched = await undisturbed(async () => identifyAt(tools, await again(tools, login)))
    const logout = all.find(({ request }) => aboutSessions(request) === 'logout')
    const reset =
      logout && logout.file !== login.file
        ? await undisturbed(async () => resetAt(tools, await again(tools, logout)))
        : []
    return {
      status: 'done',
      did: `${login.name} in ${login.file} identifies the person after the login has succeeded${logout ? `; ${logout.name} in ${logout.file} resets at logout` : ''}`,
      filesTouched: [...touched, ...reset],
      ...(logout ? {} : { assumptions: 'There is no logout in client code, so nothing resets' }),
    }
  },
}

/** The handler as it stands in its file now. */
async function again(tools: PolicyTools, handler: Handler): Promise<Handler> {
  return { ...handler, text: (await read(tools, handler.file)) ?? handler.text }
}

async function identifyAt(tools: PolicyTools, { file, text, name }: Handler): Promise<readonly string[]> {
  if (text.includes('posthog.identify(')) return []
  const reply = replyPoint(text, name)
  const shape = reply && (await userIn(tools, text, reply))
  if (!reply || !shape)
    throw new RuleError(
      `Cannot tell who has logged in at ${name} in ${file}: expected a reply with a user and an id`,
    )
  const call = `posthog.identify(${shape})${styleOf(text).semicolon}`
  const after = withImport(insertLine(text, call, reply), { binding: 'posthog', from: 'posthog-js' })
  await rewrite(tools, file, { before: text, after })
  return [file]
}

/** The arguments of identify, as far as the reply's shape is written down in the form or in the route. */
async function userIn(
  tools: PolicyTools,
  text: string,
  { names, whole }: { names: readonly string[]; whole: boolean },
): Promise<string | undefined> {
  const routes = await grep(tools, '\\.json\\(\\{\\s*(user|account|member):\\s*\\{', '**/route.{js,ts}')
  const written = [text, ...routes.map(({ line }) => line)].join('\n')
  const [, key = '', fields = ''] = /\b(user|account|member)\??:\s*\{([^{}]*)\}/.exec(written) ?? []
  const has = (field: string) => new RegExp(`\\b${field}\\b`).test(fields)
  if (!has('id') || !(whole || names.includes(key))) return undefined
  const user = whole ? `${names[0] ?? ''}.${key}` : key
  return has('name') ? `${user}.id, { name: ${user}.name }` : `${user}.id`
}

async function resetAt(tools: PolicyTools, { file, text, name }: Handler): Promise<readonly string[]> {
  const point = successPoint(text, name)
  if (!point || text.includes('posthog.reset(')) return []
  const call = `posthog.reset()${styleOf(text).semicolon}`
  const after = withImport(insertLine(text, call, point), { binding: 'posthog', from: 'posthog-js' })
  await rewrite(tools, file, { before: text, after })
  return [file]
}
