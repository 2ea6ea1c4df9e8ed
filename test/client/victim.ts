/** A run in a process of its own, to be killed: `node victim.ts <app> <log> new|resume`. It logs what it does outside the app. */
import { appendFileSync } from 'node:fs'
import { run } from '../../client/run.ts'
import { finish, isSeed, options, prompt, registry, scripted, world } from './scripted.ts'

const [, , app = '', log = '', mode] = process.argv
const say = (line: string): void => appendFileSync(log, `${line}\n`)
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 6))
const flow = registry([prompt('work'), prompt('report', { sink: true })])
const TASKS = 12

const harness = scripted(async (agent) => {
  const { job, call } = agent
  if (isSeed(agent)) {
    process.stdout.write('up\n')
    for (let n = 1; n <= TASKS; n++) {
      const dependsOn = n > 3 ? [`t${n - 3}`] : []
      // A planner that was killed plans again: what it queued then is refused as a duplicate.
      const answer = await call('enqueue_task', { type: 'work', inputs: { n }, dependsOn }).catch(String)
      say(`planned ${n} ${answer.includes('"t') || answer.startsWith('Queued') ? 'once' : answer}`)
      await pause()
    }
    const leaves = [TASKS - 2, TASKS - 1, TASKS].map((n) => `t${n}`)
    return call('enqueue_task', { type: 'report', dependsOn: leaves }).catch(String)
  }
  if (mode === 'resume') process.stdout.write('up\n')
  say(`execute ${job.id}`)
  await pause()
  await finish(call)
  say(`acknowledged ${job.id}`)
  return pause()
})

const result = await run(options(app, harness, { concurrency: 3, resume: mode === 'resume' }), world(flow))
say(`ended ${result.verdict}`)
