import { enqueue, glob, grep } from '../../agent.ts'
import type { Policy, PolicyTools } from '../../policy.ts'

/** Signs that people log in: a password field, a sign-in call, a route of that name. */
const LOGIN =
  /type=["']password["']|\bsignIn\(|\.post\(\s*["'`]\/(?:[\w/-]*\/)?(?:log-?in|sign-?in|sessions?)["'`]/
const MANIFESTS = '{package.json,tsconfig.json}'

/** Plans the integration: what is always needed first, so that work starts before the project has been looked at. */
export const seed: Policy = async (tools) => {
  const install = await enqueue(tools, { type: 'install' })
  const init = await enqueue(tools, { type: 'init' })
  const plan = await enqueue(tools, { type: 'plan-capture' })
  const manifests = await glob(tools, MANIFESTS)
  tools.say(
    `${tools.subject.framework ?? 'No framework I know'}, seen in ${manifests.join(', ') || 'no manifest'}`,
  )
  const identify = await identifyIfAnyoneLogsIn(tools, init)
  const errors = await enqueue(tools, { type: 'error-tracking', dependsOn: ids(init) })
  const capture = await enqueue(tools, { type: 'capture', dependsOn: ids(init, plan) })
  const build = await enqueue(tools, {
    type: 'build',
    dependsOn: ids(install, init, identify, errors, capture),
  })
  const dashboard = await enqueue(tools, { type: 'dashboard', dependsOn: ids(capture) })
  const configure = await enqueue(tools, { type: 'configure', dependsOn: ids(init) })
  await enqueue(tools, {
    type: 'report',
    dependsOn: ids(install, init, plan, identify, errors, capture, build, dashboard, configure),
  })
}

async function identifyIfAnyoneLogsIn(
  tools: PolicyTools,
  init: string | undefined,
): Promise<string | undefined> {
  const [login] = await grep(tools, LOGIN.source)
  if (login)
    return enqueue(tools, { type: 'identify', dependsOn: ids(init), reason: `Login in ${login.file}` })
  tools.say('No login found: nobody to identify, so identify is left out')
  return undefined
}

function ids(...found: readonly (string | undefined)[]): readonly string[] {
  return found.filter((id) => id !== undefined)
}
