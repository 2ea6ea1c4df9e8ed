import { describe, expect, test } from 'vitest'
import { blamed } from '../../../client/execute/failure.ts'
import { faultIn, machineWatch } from '../../../client/execute/machine-fault.ts'
import type { AgentEvent } from '../../../client/harness/harness.ts'
import { appRuns } from '../app-runs.ts'
import {
  type Agent,
  finish,
  handoff,
  isSeed,
  journalOf,
  planThree,
  type Script,
  scripted,
  threeTasks,
} from '../scripted.ts'

const app = appRuns()

const FULL = 'ENOSPC: no space left on device, write'
const answered = (ok: boolean, text: string, tool = 'Write'): AgentEvent => ({
  ...{ t: 'result', id: 'c1', tool, ok, text },
})
const onFullDisk = async ({ job, call }: Agent): Promise<unknown> => {
  job.onEvent(answered(false, FULL))
  return call('complete_task', { status: 'failed', handoff: handoff(), reason: 'Write did not work' })
}

describe('a run whose disk is full', () => {
  test.each<[string, Script]>([
    ['plans', async () => ({ end: 'crash', message: FULL })],
    ['has planned half', (agent) => planThree(agent).then(() => ({ end: 'crash', message: FULL }))],
    ['works', (agent) => (isSeed(agent) ? planThree(agent) : onFullDisk(agent))],
    [
      'starts an agent',
      async (agent) => (isSeed(agent) ? planThree(agent) : { end: 'crash', message: FULL }),
    ],
  ])('stops while it %s, says so, and goes on when there is room', async (_, script) => {
    // Twice, since two attempts is all that a task has.
    for (const resume of [false, true]) {
      const stopped = await app.run(scripted(script), { resume })
      expect(stopped).toMatchObject({ verdict: 'failed', resumable: true, tasks: { failed: 0, running: 0 } })
      expect(stopped.reasons[0]).toContain(`The machine could not go on (${FULL})`)
      expect(stopped.reasons[0]).toContain('resume the run')
    }
    const goesOn = await app.run(threeTasks, { resume: true })
    expect(goesOn).toMatchObject({ verdict: 'succeeded', tasks: { done: 3, failed: 0 } })
  })

  test('stops all of its agents, in a linear run as well', async () => {
    const more = { sequence: 'linear' } as const
    const stopped = await app.run(scripted(onFullDisk), more)
    expect(stopped).toMatchObject({ verdict: 'failed', resumable: true })
    const harness = scripted(({ call }) => finish(call))
    const goesOn = await app.run(harness, { resume: true })
    expect(goesOn.verdict).toBe('succeeded')
    const failures = (await journalOf(goesOn.folder)).flatMap((event) =>
      event.e === 'attempt-ended' ? [event.failure?.kind] : [],
    )
    expect(failures).toEqual(['machine', undefined])
  })

  test('does not stop for what worked in the end', async () => {
    const script: Script = async (agent) => {
      if (isSeed(agent)) return planThree(agent)
      agent.job.onEvent(answered(false, FULL))
      return finish(agent.call)
    }
    expect((await app.run(scripted(script))).verdict).toBe('succeeded')
  })
})

test('faultIn() finds what the machine says, wherever it stands', () => {
  expect(faultIn(`exit 1\nnpm error nospc ${FULL}\nnpm error`)).toBe(FULL)
  expect(faultIn('EMFILE: too many open files')).toBe('EMFILE: too many open files')
  expect(faultIn('ENOENT: no such file')).toBeUndefined()
  expect(faultIn(undefined)).toBeUndefined()
  expect(faultIn(`ENOSPC${'x'.repeat(9999)}`)).toBeUndefined()
})

test('machineWatch() forgets a fault once the same tool works', () => {
  const heard: AgentEvent[] = []
  const watch = machineWatch((event) => void heard.push(event))
  watch.onEvent(answered(false, FULL))
  watch.onEvent(answered(true, '', 'Read'))
  watch.onEvent(answered(false, 'no such file'))
  expect(watch.fault()).toBe(FULL)
  watch.onEvent(answered(true, `wrote about ${FULL}`))
  expect(watch.fault()).toBeUndefined()
  expect(heard).toHaveLength(4)
})

test('blamed() leaves a security stop and an interruption what they are', () => {
  const of = (kind: 'crash' | 'security' | 'auth' | 'cancelled') =>
    blamed({ kind, message: kind }, FULL)?.kind
  expect([of('crash'), of('security'), of('auth'), of('cancelled')]).toEqual([
    ...['machine', 'security', 'auth', 'cancelled'],
  ])
  expect(blamed(null, FULL)).toBeNull()
})
