import { grep, RuleError, read, rewrite, undisturbed } from '../../../agent.ts'
import type { PolicyTools } from '../../../policy.ts'
import type { Outcome, Rule } from '../../../rule.ts'
import { styleOf } from '../../../source/module.ts'
import { isLogin, replyOf, routesIn } from '../../../source/routes.ts'
import { insertLine } from '../../../source/statements.ts'
import { withClient } from './project.ts'

/** Tells who it is where a login has been checked and is about to be answered. */
export const identify: Rule = {
  goal: 'Identify people at login',
  follow: (tools) => undisturbed(() => identifyAtLogin(tools)),
}

async function identifyAtLogin(tools: PolicyTools): Promise<Outcome> {
  const hits = await grep(tools, '\\.post\\(\\s*["\'`]/')
  for (const file of new Set(hits.map((hit) => hit.file))) {
    const before = (await read(tools, file)) ?? ''
    const login = routesIn(before).find(({ method, path }) => method === 'POST' && isLogin(path))
    if (!login) continue
    const place = `POST ${login.path} in ${file}`
    if (before.slice(login.body.start, login.body.end).includes('.identify(')) {
      return { status: 'done', did: `Found ${place} identifying already and changed nothing` }
    }
    const point = replyOf(before, login)
    const user = userIn(before.slice(login.body.start, point?.at ?? login.body.start))
    if (!point || user === undefined) throw new RuleError(`Cannot tell who has logged in at ${place}`)
    const call = `posthog?.identify({ distinctId: String(${user}.id) })${styleOf(before).semicolon}`
    const after = await withClient(tools, { file, text: insertLine(before, call, point) })
    await rewrite(tools, file, { before, after })
    return { status: 'done', did: `${place} identifies the person before it answers`, filesTouched: [file] }
  }
  return { status: 'not-needed', did: 'Found no login route', reason: 'Nobody can log in to this app' }
}

function userIn(handled: string): string | undefined {
  return /\b(?:const|let)\s+(user|account|member)\b/.exec(handled)?.[1]
}
