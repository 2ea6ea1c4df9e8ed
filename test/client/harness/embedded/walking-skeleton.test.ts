import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { graphOf, ScratchApp } from './scratch-app.ts'

let app: ScratchApp
afterEach(() => app.remove())

describe('walking-skeleton', () => {
  test('plans two branches, leaves a marker for each task, and changes nothing else', async () => {
    app = await ScratchApp.of('nextjs-clean')
    const before = await app.files()
    const desk = await app.drain('walking-skeleton', 'nextjs')
    expect(graphOf(desk)).toEqual({
      install: '',
      init: '',
      'plan-capture': '',
      capture: 'plan-capture init',
      report: 'install capture',
    })
    expect(desk.of('install').reason).toBe('Intent to install the PostHog SDK, framework nextjs')
    expect(desk.tasks.map(({ status }) => status)).toEqual(desk.tasks.map(() => 'done'))
    expect((await readdir(join(desk.runFolder, 'markers'))).sort()).toEqual(
      desk.tasks.map(({ id, type }) => `${id}-${type}.txt`).sort(),
    )
    expect(await app.files()).toEqual(before)
  })

  test('queues llm-analytics exactly where a model is called, and says where', async () => {
    app = await ScratchApp.of('nextjs-llm')
    const desk = await app.drain('walking-skeleton', 'nextjs')
    expect(graphOf(desk)).toMatchObject({ 'llm-analytics': 'init', report: 'install capture llm-analytics' })
    expect(desk.of('llm-analytics').reason).toContain('app/api/ask/route.ts')
  })
})
