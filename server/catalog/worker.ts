import { parentPort } from 'node:worker_threads'
import { rememberedEstimates } from './estimates.ts'
import { type Bench, perform } from './tasks.ts'
import type { Answer, Order } from './workshop.ts'

const bench: Bench = { releases: new Map(), texts: new WeakMap(), estimate: rememberedEstimates() }

parentPort?.on('message', (order: Order) => {
  if (order.kind === 'drop') bench.releases.delete(order.release)
  else if (order.kind === 'hold') bench.releases.set(order.release.id, order.release)
  else parentPort?.postMessage(answer(order))
})

parentPort?.postMessage('ready')

function answer({ task }: Extract<Order, { kind: 'do' }>): Answer {
  try {
    return { ok: true, text: perform(task, bench) }
  } catch (error) {
    return { ok: false, reason: String(error) }
  }
}
