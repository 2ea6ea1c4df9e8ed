import { agentMenuSchema } from '../../../schemas/agent-menu.ts'
import { CommandError } from '../../../schemas/cli.ts'
import { fetchBytes } from '../../bootstrap/fetch.ts'
import { wanted } from '../../bootstrap/place.ts'
import type { Finding } from '../finding.ts'

const SUBJECT = 'server'

/** Whether content is served where a run would look for it, and which flows. */
export async function checkServer(base: string, signal: AbortSignal): Promise<Finding> {
  try {
    const url = `${base.replace(/\/+$/, '')}/agent-menu.json`
    const { bytes, headers } = await fetchBytes(url, { base, signal, timeoutMs: 3000, pauseMs: 50 })
    const menu = agentMenuSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    const flows = menu.flows.map(({ id }) => id).join(', ')
    const channel = headers.get('mill-channel')
    const what = `release ${menu.buildVersion.slice(0, 12)}${channel === null ? '' : ` of channel ${channel}`}`
    if (flows === '')
      return problem(`${base} serves ${what}, which has no flow`, 'Add one: mill new flow <name>')
    return { subject: SUBJECT, status: 'ok', found: `${base} serves ${what}: ${flows}` }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof CommandError && error.code === 'run/not-served') {
      return problem(error.message, wanted(base))
    }
    // Such a message says what to do, too.
    if (error instanceof CommandError) return { subject: SUBJECT, status: 'problem', found: error.message }
    return problem(
      `${base} answers, but not with a menu of agents`,
      'Name the address of a mill server: --base <url>',
    )
  }
}

function problem(found: string, fix: string): Finding {
  return { subject: SUBJECT, status: 'problem', found, fix }
}
