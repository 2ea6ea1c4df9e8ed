/**
 * A run in a process of its own, to be killed: `node victim.ts <app> <log> new|resume <tasks>`. It logs what it was
 * told outside the app.
 */
import { appendFileSync } from 'node:fs'
import { run } from '../../client/run.ts'
import { finish, isSeed, options, prompt, registry, scripted, world } from './scripted.ts'

const [, , app = '', log = '', mode, tasks] = process.argv
const TASKS = Number(tasks)
const say = (line: string): void => appendFileSync(log, `${line}\n`)
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
const flow = registry([prompt('work'), prompt('report', { sink: true })])

// A file that may not grow any more is an error to be handled, not the end of the process.
process.on('SIGXFSZ', () => undefined)

const harness = scripted(async (agent) => {
  const { job, call } = agent
  if (isSeed(agent)) {
    process.stdout.write('planning\n')
    for (let n = 1; n <= TASKS; n++) {
      const dependsOn = n > 3 ? [`t${n - 3}`] : []
      // A planner that was killed plans again: what it queued then is refused as a duplicate of the same id.
      const answer = await call('enqueue_task', { type: 'work', inputs: { n }, dependsOn }).catch(String)
      say(`planned ${n} ${/(?:Queued |queued as ")(t[0-9]+)/.exec(answer)?.[1] ?? answer}`)
      if (n % 4 === 0) await pause()
    }
    const leaves = [TASKS - 2, TASKS - 1, TASKS].map((n) => `t${n}`)
    return call('enqueue_task', { type: 'report', dependsOn: leaves }).catch(String)
  }
  process.stdout.write('working\n')
  say(`execute ${job.id}`)
  await pause()
  await finish(call)
  say(`acknowledged ${job.id}`)
  return pause()
})

const asked = { concurrency: 3, maxTasks: TASKS + 1, resume: mode === 'resume' }
const result = await run(options(app, harness, asked), world(flow))
say(`ended ${result.verdict}`)
