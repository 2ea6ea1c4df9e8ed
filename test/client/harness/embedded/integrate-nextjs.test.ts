import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import { embeddedHarness } from '../../../../client/harness/embedded/embedded.ts'
import { graphOf, ScratchApp } from './scratch-app.ts'

const run = promisify(execFile)
let app: ScratchApp
afterEach(() => app.remove())

describe('integrate-posthog on Next.js', () => {
  const GRAPH = {
    install: '',
    init: '',
    'plan-capture': '',
    identify: 'init',
    'error-tracking': 'init',
    capture: 'init plan-capture',
    build: 'install init identify error-tracking capture',
    dashboard: 'capture',
    configure: 'init',
    report: 'install init plan-capture identify error-tracking capture build dashboard configure',
  }

  test('puts everything in its place, builds, and does not do it twice [slow]', {
    timeout: 180_000,
  }, async () => {
    app = await ScratchApp.of('nextjs-clean')
    const desk = await app.drain('integrate-posthog', 'nextjs')
    expect(graphOf(desk)).toEqual(GRAPH)
    expect(desk.tasks.map(({ type, status, why }) => [type, status, status === 'failed' && why])).toEqual(
      Object.keys(GRAPH).map((type) => [
        type,
        ['dashboard', 'configure'].includes(type) ? 'not-needed' : 'done',
        false,
      ]),
    )
    expect(desk.of('build').handoff?.evidence).toMatch(/npm run build: exit 0/)
    const manifest = JSON.parse(await app.text('package.json'))
    expect(manifest.dependencies['posthog-js']).toMatch(/^\^1\./)
    expect(await app.text('instrumentation-client.ts')).toMatch(/if \(key\) \{\n {2}posthog\.init\(key/)
    expect(await app.text('.env.example')).toMatch(
      /^NEXT_PUBLIC_POSTHOG_KEY=\n[\s\S]*^NEXT_PUBLIC_POSTHOG_HOST=\n$/m,
    )
    expect(await app.text('app/login/login-form.tsx')).toMatch(
      /return\n {4}\}\n\n.*response\.json.*\n {4}posthog\.identify\(user\.id, \{ name: user\.name \}\)\n {4}router\.push/,
    )
    expect(await app.text('components/logout-button.tsx')).toMatch(/logout.*\n {4}posthog\.reset\(\)\n/)
    for (const boundary of ['app/error.tsx', 'app/global-error.tsx']) {
      expect(await app.text(boundary)).toContain('posthog.captureException(error)')
    }
    expect(await app.text('app/tasks/task-form.tsx')).toMatch(
      /return\n {4}\}\n {4}posthog\.capture\('task_added', \{ title_length: title\.length \}\)\n/,
    )
    const report = await app.text('posthog-setup-report.md')
    for (const shown of [
      '**identify**',
      '**dashboard** (not-needed)',
      '**configure** (not-needed): Nobody gave a project key',
      '`app/tasks/task-form.tsx`',
      'NEXT_PUBLIC_POSTHOG_KEY',
    ]) {
      expect(report).toContain(shown)
    }
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'], { cwd: app.folder })

    const once = await app.files()
    await app.drain('integrate-posthog', 'nextjs', ['build'])
    expect(await app.files()).toEqual(once)
  })

  test('two agents that work at the same time do not undo each other', async () => {
    app = await ScratchApp.of('nextjs-clean')
    const desk = app.desk('integrate-posthog', 'nextjs')
    const harness = embeddedHarness()
    await harness.run(desk.job('seed', 'seed'))
    const together = async (...types: string[]) => {
      await Promise.all(types.map((type) => harness.run(desk.job(desk.of(type).id, type))))
    }
    await together('install', 'init', 'plan-capture')
    await together('identify', 'error-tracking', 'capture')
    expect(desk.tasks.slice(0, 6).map(({ status }) => status)).toEqual(Array(6).fill('done'))
  })

  test('leaves identify out, and says so, where nobody logs in', async () => {
    app = await ScratchApp.of('nextjs-llm')
    const desk = await app.drain('integrate-posthog', 'nextjs', ['build'])
    expect(graphOf(desk)).not.toHaveProperty('identify')
    expect(graphOf(desk).build).toBe('install init error-tracking capture')
    expect(desk.events).toContainEqual({ t: 'text', text: expect.stringContaining('identify is left out') })
    expect(await app.text('app/page.tsx')).toContain(
      "posthog.capture('ask_sent', { question_length: question.length })",
    )
  })

  test('fails honestly where a rule does not know the code, and touches nothing', async () => {
    app = await ScratchApp.of('nextjs-clean')
    const form = (await app.text('app/login/login-form.tsx')).replace('await fetch(', 'await send(')
    await app.put('app/login/login-form.tsx', form)
    await app.put('app/tasks/task-form.tsx', 'export const TaskForm = () => null\n')
    const desk = await app.drain('integrate-posthog', 'nextjs', ['build'])
    expect(desk.of('identify')).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('login-form.tsx'),
    })
    expect(desk.of('plan-capture')).toMatchObject({
      status: 'not-needed',
      why: expect.stringContaining('No user action'),
    })
    expect(desk.of('capture').status).toBe('not-needed')
    expect(await app.text('app/login/login-form.tsx')).toBe(form)
  })

  test('a build that fails is a failed task with its evidence', async () => {
    app = await ScratchApp.of('express-clean')
    await app.put('package.json', '{ "name": "x", "scripts": { "build": "node --check broken.js" } }\n')
    await app.put('broken.js', 'let let\n')
    await rm(join(app.folder, 'package-lock.json'))
    const desk = await app.one('express', 'build')
    expect(desk.of('build')).toMatchObject({
      status: 'failed',
      why: expect.stringContaining('npm run build'),
    })
    expect(desk.of('build').handoff?.evidence).toContain('SyntaxError')
  })

  test('a plan that would put code into the source is not followed', async () => {
    app = await ScratchApp.of('nextjs-clean')
    const desk = app.desk('integrate-posthog', 'nextjs')
    const event = { name: 'a', file: 'app/tasks/task-form.tsx', handler: 'handleSubmit', why: 'w' }
    const plan = (properties: object) => JSON.stringify({ events: [{ ...event, properties }] })
    for (const evil of [
      plan({ x: 'fetch("http://evil")' }),
      plan({ 'a: evil(), b': 'x' }),
      '{"events": 7}',
      '{"events":7}',
    ]) {
      const planned = { goals: 'g', did: 'd', forNextAgent: evil }
      desk.tasks.splice(0)
      desk.tasks.push({ id: 't1', type: 'plan-capture', dependsOn: [], status: 'done', handoff: planned })
      desk.tasks.push({ id: 't2', type: 'capture', dependsOn: ['t1'], status: 'pending' })
      await embeddedHarness().run(desk.job('t2', 'capture'))
      expect(desk.of('capture')).toMatchObject({
        status: 'failed',
        why: expect.stringContaining('capture plan'),
      })
    }
    expect(await app.text('app/tasks/task-form.tsx')).not.toContain('posthog')
  })
})
