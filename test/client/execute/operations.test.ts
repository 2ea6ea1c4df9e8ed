import { expect, test } from 'vitest'
import { operationsFor } from '../../../client/execute/operations.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { memoryLedger, rules } from '../scripted.ts'

test('operationsFor() puts no more on record of an agent that goes on asking for what it cannot have', async () => {
  const events: RunEvent[] = []
  const ledger = memoryLedger(events)
  const { enqueue } = operationsFor(
    { by: 'runner' },
    { ledger, rules: rules({ maxTasks: 10 }), labelOf: (type) => type },
  )
  const ask = (type: string) =>
    enqueue({ type, dependsOn: [], inputs: {}, optional: false }).catch((error: Error) => error.message)
  for (let times = 0; times < 200; times++) expect(await ask('nonsense')).toContain('Cannot queue')
  expect(events).toHaveLength(60)
  expect(await ask('work')).toContain('60 requests were refused already')
  expect(ledger.head().entries.size).toBe(0)
})
