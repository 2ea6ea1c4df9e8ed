/** A run whose orchestrator cannot be loaded: `node trapped.ts <app> <sequence>`. */
import { registerHooks } from 'node:module'
import type { Sequence } from '../../../schemas/run-event.ts'

const ORCHESTRATOR =
  /client\/(execute\/(carry-out|executor|seed|assignment|operations|flow-rules|verdict)|queue\/(enqueue|guards)|tools\/(enqueue-task|read-handoffs))\.ts$/

registerHooks({
  load: (url, context, next) => {
    const [found] = ORCHESTRATOR.exec(url) ?? []
    if (found) throw new Error(`the trap holds ${found}`)
    return next(url, context)
  },
})

const [, , app = '', sequence] = process.argv
const { run } = await import('../../../client/run.ts')
const { finish, flow, options, scripted, world } = await import('../scripted.ts')
const wanted = options(
  app,
  scripted(({ call }) => finish(call)),
  { sequence: sequence as Sequence },
)
const { verdict } = await run(wanted, world(flow))
process.stdout.write(`${verdict}\n`)
