/** A run whose tasks ask the person at this terminal; `node asking-stage.ts <app> <seconds a question waits>`. */
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../../client/run.ts'
import { screenFor } from '../../../client/tui/screen.ts'
import { type Agent, finish, options, prompt, registry, scripted, world } from '../scripted.ts'

const [app = '.', seconds = '60'] = process.argv.slice(2)
const launchedAt = Date.now()

const LONG =
  'Which of the projects of your organisation shall this shop report to? It has one for what people buy, one for what they read, and one in which nobody has looked since spring \u001b[31m 支払い. Events that go to the wrong one are hard to get out again'
const QUESTIONS: Readonly<Record<string, object>> = {
  choose: {
    question: LONG,
    options: [
      'Shop (production)',
      'Magazine',
      'Sandbox',
      'None of them: make a new project and name it after the app',
    ],
    default: 'Sandbox',
  },
  type: { question: 'What is the product called?' },
  secret: { question: 'What is the project key of PostHog?', keepAs: 'POSTHOG_KEY' },
}

async function plan({ call }: Agent): Promise<void> {
  for (const type of Object.keys(QUESTIONS)) await call('enqueue_task', { type, label: `Ask to ${type}` })
  await call('enqueue_task', { type: 'work', label: 'Work meanwhile' })
  await call('enqueue_task', { type: 'report', dependsOn: ['t1', 't2', 't3', 't4'] })
}

async function act({ job, call }: Agent): Promise<void> {
  const question = QUESTIONS[job.subject.type]
  if (question) return void (await finish(call, (await call('ask_user', question)).replace(/\n/g, ' ')))
  if (job.subject.type === 'work') await sleep(3000, undefined, { signal: job.signal })
  await finish(call)
}

const types = Object.keys(QUESTIONS).map((type) =>
  prompt(type, { allowedTools: ['ask_user', 'complete_task'] }),
)
const flow = registry([...types, prompt('work'), prompt('report', { sink: true })])
const harness = scripted((agent) => (agent.job.subject.by === 'seed' ? plan(agent) : act(agent)))
const stop = new AbortController()
process.on('SIGINT', () => stop.abort())
const { face, asker } = await screenFor(process, {
  ...{ json: false, launchedAt, limits: {} },
  onInterrupt: () => process.kill(process.pid, 'SIGINT'),
})
const { folder, verdict } = await run(
  options(app, harness, {
    ...{ launchedAt, concurrency: 4, signal: stop.signal, askTimeoutMs: Number(seconds) * 1000 },
    faces: (title) => [face(title)],
    ...(asker && { asker }),
  }),
  world(flow),
)
process.stdout.write(`FOLDER ${folder}\nTHE END ${verdict}\n`)
