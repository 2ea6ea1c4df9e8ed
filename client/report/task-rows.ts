import type { RunEvent } from '../../schemas/run-event.ts'
import { blockedBy, type Queue, tasksOf } from '../queue/queue.ts'
import { duration } from '../tui/text.ts'
import { NOTHING_SPENT, plus, type Spending, spendingOf } from './spending.ts'

const HEAD = ['task', 'type', 'state', 'model', 'attempts', 'time', 'turns', 'tokens', 'cost']

/** What planning and each task took, the head first and the sum last. */
export function taskRows(queue: Queue, events: readonly RunEvent[]): readonly (readonly string[])[] {
  const spent = spendingOf(events)
  const rows = [...tasksOf(queue)].map(({ spec, state }) => {
    const status = blockedBy(queue, spec.id) === null ? state.status : 'blocked'
    const model = 'model' in state ? state.model : (spec.model ?? '')
    return [spec.id, spec.type, status, model, String(state.attempts), ...cells(spent.get(spec.id))]
  })
  const seed = spent.get('seed')
  const planning = seed ? [['', 'planning', '', modelOfSeed(events), '', ...cells(seed)]] : []
  const total = ['', 'total', '', '', '', ...cells([...spent.values()].reduce(plus, NOTHING_SPENT))]
  return [HEAD, ...planning, ...rows, total]
}

function cells(spent: Spending = NOTHING_SPENT): string[] {
  const { ms, turns, tokens, usd, isCut } = spent
  const least = isCut ? '≥ ' : ''
  return [duration(ms), String(turns), `${least}${tokens}`, costOf(usd, isCut)]
}

function costOf(usd: number | null, isCut: boolean): string {
  if (usd === null || (usd === 0 && isCut)) return 'unknown'
  return usd === 0 ? 'none' : `${isCut ? '≥ ' : ''}$${usd.toFixed(4)}`
}

function modelOfSeed(events: readonly RunEvent[]): string {
  const started = events.findLast((event) => event.e === 'seed-started')
  return started?.e === 'seed-started' ? started.model : ''
}
