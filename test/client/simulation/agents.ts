import type { AgentHarness, AgentJob, AgentOutcome } from '../../../client/harness/harness.ts'
import { type Queue, taskOf } from '../../../client/queue/queue.ts'
import { handoff } from '../scripted.ts'
import type { Dice, Scheduler } from './scheduler.ts'
import type { Execution, Witness } from './witness.ts'

export interface Stage {
  readonly dice: Dice
  readonly scheduler: Scheduler
  readonly witness: Witness
  readonly head: () => Queue
  /** True once all that goes wrong is what tasks themselves do wrong. */
  readonly isCalm: () => boolean
}

interface Agent extends Stage {
  readonly job: AgentJob
  readonly execution: Execution
  readonly call: (tool: string, input: unknown) => Promise<string>
}

type Outcome = Partial<AgentOutcome>
type Script = (agent: Agent) => Promise<Outcome>

const GRACE = 10_000
const OUTCOME: AgentOutcome = { end: 'done', turns: 1, usage: [], ms: 1 }

/** Agents that plan, report, fail, hang, lie and come too late, as the dice fall. */
export function agentsOf(stage: Stage): AgentHarness {
  return {
    name: 'simulated',
    disclosure: 'no model: simulated',
    models: { kind: 'named', profile: 'sdk', fallback: 'm' },
    check: async () => ({ ok: true, version: '1' }),
    run: async (job) => {
      const attempt = taskOf(stage.head(), job.id)?.state.attempts ?? 0
      const execution: Execution = { id: job.id, attempt, model: job.model, isDeaf: false }
      const agent: Agent = { ...stage, job, execution, call: caller(stage, { job, execution }) }
      if (job.id === 'seed') return { ...OUTCOME, ...(await plan(agent)) }
      stage.witness.starts(execution, stage.scheduler.now())
      // Nobody waits longer for one that was told to stop.
      const giveUp = (): void => {
        execution.isDeaf = true
      }
      job.signal.addEventListener('abort', () => stage.scheduler.timer(GRACE - 1, giveUp))
      const outcome = await work(agent)
      const { retryAfterMs = 0, isModelLost = false } = outcome
      stage.witness.ends(execution, { restUntil: stage.scheduler.now() + retryAfterMs, isModelLost })
      return { ...OUTCOME, ...outcome }
    },
  }
}

/** Calls a host tool as a harness would, and has the witness see what came of it. */
function caller(
  { scheduler, witness }: Stage,
  { job, execution }: Pick<Agent, 'job' | 'execution'>,
): Agent['call'] {
  return async (name, input) => {
    await scheduler.soon(() => undefined)
    const isStale = witness.isStale(execution)
    const tool = job.hostTools.find((offered) => offered.name === name)
    if (!tool) throw new Error(`no tool ${name}`)
    const answer = await tool.run(input, job.signal)
    if (isStale) throw witness.objection(`${name} was accepted from ${job.id} after its attempt had ended`)
    if (name === 'complete_task') witness.acknowledges(execution, (input as { status: string }).status)
    return answer
  }
}

const think = ({ scheduler }: Stage): Promise<void> => scheduler.soon(() => undefined)
const ignore = (): undefined => undefined

const plan: Script = async (agent) => {
  const { dice, witness, isCalm } = agent
  if (witness.planned) throw witness.objection('what is planned is planned again')
  if (!isCalm() && dice.chance(0.1)) return { end: dice.pick(['crash', 'rate-limit', 'api-error']) }
  for (let count = 4 + dice.below(10); count > 0; count--) await enqueueAny(agent)
  if (!isCalm() && dice.chance(0.03)) return { end: 'crash' }
  for (let tries = 0; tries < 3; tries++) {
    const dependsOn = [...witness.tasks.keys()]
    const sink = { type: 'report', dependsOn }
    if ((await agent.call('enqueue_task', sink).catch(ignore)) !== undefined) break
  }
  return { end: 'done' }
}

async function enqueueAny(agent: Agent): Promise<void> {
  const { dice, witness } = agent
  const known = [...witness.tasks.keys()]
  const dependsOn = known.filter(() => dice.chance(0.3))
  const type = dice.pick(['work', 'work', 'work', 'work', 'poison', 'nonsense'])
  const optional = type === 'poison' || dice.chance(0.6)
  await agent.call('enqueue_task', { type, dependsOn, optional, inputs: { n: dice.below(30) } }).catch(ignore)
}

const report = ({ call }: Agent, status: 'done' | 'not-needed' | 'failed' = 'done'): Promise<unknown> =>
  call('complete_task', { status, handoff: handoff(), reason: 'because' }).catch(ignore)
const aborted = ({ job: { signal } }: Agent): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })

/** What goes wrong with agents, each as often as the next. */
const MISHAPS: readonly [Script, ...Script[]] = [
  async () => ({ end: 'done' }),
  async () => ({ end: 'crash' }),
  async () => ({ end: 'auth' }),
  async () => ({ end: 'api-error', isModelLost: true }),
  async ({ dice }) => ({ end: 'rate-limit', retryAfterMs: dice.below(100_000) }),
  async (agent) => report(agent, 'failed').then(() => ({ end: 'done' })),
  async (agent) => report(agent, 'not-needed').then(() => ({ end: 'crash' })),
  // Reports, and goes on working for a while.
  async (agent) => {
    await report(agent)
    for (let steps = agent.dice.below(8); steps > 0; steps--) await think(agent)
    return { end: 'done' }
  },
  // Ends while its report is on its way, or before it sent it at all.
  async (agent) => {
    void report(agent)
    for (let steps = agent.dice.below(4); steps > 0; steps--) await think(agent)
    return { end: agent.dice.pick(['done', 'crash']) }
  },
  async (agent) => {
    await Promise.all([report(agent, 'done'), report(agent, 'failed')])
    return { end: 'done' }
  },
  async (agent) => aborted(agent).then(() => ({ end: 'aborted' })),
  // Does not hear that it should stop, and speaks up much later.
  async (agent) => {
    await aborted(agent)
    for (let steps = agent.dice.below(40); steps > 0; steps--) await think(agent)
    await enqueueAny(agent)
    await report(agent)
    return new Promise<Outcome>(() => undefined)
  },
  async (agent) => {
    const { job, witness } = agent
    const isFirst = !job.signal.aborted
    await job.authorize({ tool: 'evil', input: {} })
    if (isFirst) witness.stops(job.id)
    return { end: 'aborted' }
  },
]

const work: Script = async (agent) => {
  const { dice, job, isCalm } = agent
  for (let steps = 1 + dice.below(5); steps > 0; steps--) await think(agent)
  if (job.subject.type === 'poison') return { end: dice.pick(['crash', 'done']) }
  if (dice.chance(0.3)) await enqueueAny(agent)
  if (!isCalm() && dice.chance(0.4)) {
    const outcome = await dice.pick(MISHAPS)(agent)
    // Nobody takes what an agent says once its attempt is over.
    if (dice.chance(0.5)) void late(agent)
    return outcome
  }
  await report(agent)
  return { end: 'done' }
}

async function late(agent: Agent): Promise<void> {
  for (let steps = agent.dice.below(60); steps > 0; steps--) await think(agent)
  await report(agent)
  await enqueueAny(agent)
}
