import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run as execute } from '../../../client/run.ts'
import { configuredTelemetry } from '../../../client/telemetry/configured.ts'
import { telemetryMapper } from '../../../client/telemetry/mapper.ts'
import { type RunEvent, runEventSchema } from '../../../schemas/run-event.ts'
import { fc } from '../../properties.ts'
import { times } from '../../times.ts'
import {
  handoff,
  isSeed,
  journalOf,
  options,
  prompt,
  registry,
  scratchApp,
  scripted,
  world,
} from '../scripted.ts'
import { canariesIn, type Names, withCanaries } from './canaries.ts'
import { type CaptureServer, captureServer, eventsIn, spansIn } from './capture-server.ts'

let folder: string
let server: CaptureServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mill-no-content-'))
  await mkdir(join(folder, '.mill'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const task = fc.constantFrom('t1', 't2', 't3')

/** Every string of a run event that may leave. Whoever adds one here answers for it. */
const NAMES: Names = {
  'run-started.run': fc.constant('20261121-175043000-0a1b'),
  'run-started.flow': fc.constantFrom('integrate-posthog', 'demo'),
  'run-started.channel': fc.constantFrom('main', 'experiment-x'),
  'run-started.release': fc.constant('3f2a9c1b4d5e6f70'),
  'run-started.framework': fc.constantFrom('nextjs', 'django'),
  'task-enqueued.task.id': task,
  'task-enqueued.task.type': fc.constantFrom('init', 'capture'),
  'task-enqueued.task.dependsOn[]': task,
  'dependency-added.id': task,
  'dependency-added.dependsOn': task,
  ...Object.fromEntries(
    [
      'task-started',
      'task-reported',
      'attempt-ended',
      'task-cancelled',
      'question-asked',
      'question-settled',
    ].map((kind) => [`${kind}.id`, task]),
  ),
}

const kinds = new Map(
  runEventSchema.options.map((option) => {
    const [kind] = option.shape.e.values
    return [kind, withCanaries(option, String(kind), NAMES) as fc.Arbitrary<RunEvent>]
  }),
)
const of = (kind: RunEvent['e']) => kinds.get(kind) as fc.Arbitrary<RunEvent>

/** A run as it could be, and then anything at all. */
const run: fc.Arbitrary<readonly RunEvent[]> = fc
  .tuple(
    of('run-started'),
    of('seed-started'),
    fc.array(of('task-enqueued'), { minLength: 3, maxLength: 4 }),
    fc.array(fc.oneof(...kinds.values()), { minLength: 20, maxLength: 40 }),
    of('run-finished'),
  )
  .map(([started, seed, tasks, rest, finished]) => [
    ...[started, seed],
    ...tasks,
    ...rest.filter(({ e }) => e !== 'run-started' && e !== 'run-finished'),
    finished,
  ])

test('withCanaries() fills every kind of event with what its schema takes', () => {
  expect(kinds.size).toBe(runEventSchema.options.length)
  for (const [kind, arbitrary] of kinds) {
    for (const event of fc.sample(arbitrary, 20)) {
      runEventSchema.parse(event)
      const silent = ['dependency-added', 'question-asked', 'question-settled']
      const isText = !silent.includes(String(kind)) && kind !== 'run-resumed'
      expect([kind, canariesIn(JSON.stringify(event)).length > 0]).toEqual([kind, isText])
    }
  }
})

test('no text of a run reaches PostHog, a collector or a file, whichever field it stood in', async () => {
  await fc.assert(
    fc.asyncProperty(run, async (events) => {
      server = await captureServer()
      const file = join(folder, 'told.jsonl')
      await rm(file, { force: true })
      try {
        const losses: string[] = []
        const [face] = configuredTelemetry({
          flags: { telemetry: file, telemetryPosthog: server.base, telemetryOtlp: server.base },
          ...{ config: { posthogKey: 'phc_test', doNotTrack: false }, cwd: folder, app: folder },
          onLoss: (loss) => void losses.push(loss),
          closeMs: 60_000,
        })
        for (const event of events) face?.onEvent(event)
        await face?.close()
        const map = telemetryMapper()
        const told = events.flatMap((event) => map(event) ?? [])
        const lines = readFileSync(file, 'utf8')
        // What follows would hold of silence, too.
        expect(losses).toEqual([])
        expect(eventsIn(server).map(({ event }) => event)).toEqual(told.map(({ event }) => event))
        expect(lines.trimEnd().split('\n')).toHaveLength(told.length)
        expect(spansIn(server).map(({ name }) => name)).toContain('run')
        expect(canariesIn(server.wire())).toEqual([])
        expect(canariesIn(lines)).toEqual([])
      } finally {
        await server.close()
      }
    }),
    { numRuns: times(25, 500) },
  )
}, 120_000)

test('no prompt, handoff, input, label, error, file or environment value of a whole run leaves', async () => {
  using app = scratchApp()
  writeFileSync(join(app.path, '.env'), 'KEY=canary-env')
  const harness = scripted(async (agent) => {
    const { job, call } = agent
    expect(job.prompt).toContain('canary-prompt')
    job.onEvent({ t: 'call', id: '1', tool: 'Bash', input: { command: 'cat canary-command' } })
    job.onEvent({ t: 'result', id: '1', tool: 'Read', ok: true, text: 'canary-file' })
    if (!isSeed(agent)) return call('complete_task', { status: 'done', handoff: handoff('canary-handoff') })
    await call('enqueue_task', {
      type: 'work',
      label: 'canary-label',
      inputs: { path: 'canary-input' },
      reason: 'canary-reason',
    })
    await call('enqueue_task', { type: 'canary-type' }).catch(() => undefined)
    await call('enqueue_task', { type: 'report', dependsOn: ['t1'] })
    return { end: 'crash', message: 'canary-error' }
  })
  const body = 'Do canary-prompt.'
  const found = registry([prompt('work', { body }), prompt('report', { body, sink: true })], { body })
  server = await captureServer()
  try {
    const faces = configuredTelemetry({
      flags: { telemetryPosthog: server.base, telemetryOtlp: server.base },
      ...{ config: { posthogKey: 'phc_test', doNotTrack: false }, cwd: app.path, app: app.path },
      onLoss: expect.unreachable,
      closeMs: 60_000,
    })
    const given = new Map([['KEY', 'canary-given']])
    const result = await execute(options(app.path, harness, { faces: () => faces, given }), world(found))
    expect(canariesIn(JSON.stringify(await journalOf(result.folder)))).not.toEqual([])
    expect(eventsIn(server).map(({ event }) => event)).toContain('run finished')
    expect(spansIn(server).map(({ name }) => name)).toContain('run')
    expect(canariesIn(server.wire())).toEqual([])
  } finally {
    await server.close()
  }
})
