import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunFlags } from '../../../client/option-values.ts'
import { run } from '../../../client/run.ts'
import { resumeCommand } from '../../../client/runs/resume-command.ts'
import { finish, flow, isSeed, options, planThree, scratchApp, scripted, world } from '../scripted.ts'
import { ASKED, interrupted, runThree, said, succeed, threeRuns, USAGE } from './run-kit.ts'

let all: Awaited<ReturnType<typeof threeRuns>>
beforeAll(async () => {
  all = await threeRuns()
})
afterAll(() => all.app[Symbol.dispose]())

describe('mill resume', () => {
  const resumed = async (...args: string[]) => {
    const asked: RunFlags[] = []
    const { error } = await said((io) => resumeCommand(io, async (_, flags) => void asked.push(flags)), args)
    return { error, flags: asked[0] }
  }

  test('takes the newest run that can be resumed, with what it was asked for', async () => {
    expect((await resumed(all.app.path)).flags).toEqual({
      ...ASKED,
      json: false,
      resume: true,
      run: all.stopped,
    })
  })

  test('takes what is said now over what was said then', async () => {
    const { flags } = await resumed(
      all.app.path,
      all.stopped.slice(-4),
      '--max-usd',
      '7',
      '--concurrency',
      '5',
    )
    expect(flags).toMatchObject({ maxUsd: 7, concurrency: 5, run: all.stopped, base: ASKED.base })
  })

  test('refuses a run that came to its end, and says why', async () => {
    const { error } = await resumed(all.app.path, all.succeeded)
    expect(error).toMatchObject({ code: 'run/not-resumable', exit: 2 })
    expect(String(error)).toContain('it came to its end and has succeeded')
  })

  test('refuses a run that has nothing left to spend', async () => {
    using other = scratchApp()
    const { run: id } = await runThree(
      other.path,
      async ({ call }) => {
        await finish(call)
        return { usage: [{ ...USAGE, input: 3_000_000 }] }
      },
      { limits: { maxUsd: 3 } },
    )
    const { error } = await resumed(other.path)
    expect(String(error)).toContain(
      `Cannot resume run "${id}": it has spent $3.0005, and $3 is its limit. Give it more with --max-usd`,
    )
    expect((await resumed(other.path, id, '--max-usd', '9')).flags).toMatchObject({ maxUsd: 9 })
  })

  test('says of each run why there is nothing to resume', async () => {
    using other = scratchApp()
    expect(String((await resumed(other.path)).error)).toContain('it has no runs')
    const { run: id } = await runThree(other.path, succeed)
    expect(String((await resumed(other.path)).error)).toContain(`${id}: it came to its end and has succeeded`)
  })

  test('goes on with the very run that was named, and runs nothing twice', async () => {
    using other = scratchApp()
    const first = (await interrupted(other.path)).run
    await interrupted(other.path)
    const { flags } = await resumed(other.path, first)
    const acted: string[] = []
    const harness = scripted(async (agent) => {
      if (isSeed(agent)) return planThree(agent)
      acted.push(agent.job.id)
      return finish(agent.call)
    })
    const { resume, run: id } = flags as RunFlags & { run: string }
    const result = await run(options(other.path, harness, { resume, run: id }), world(flow))
    expect([result.run, result.verdict, acted]).toEqual([first, 'succeeded', ['t2', 't3']])
  })

  test('goes on with a run of which only the journal is left', async () => {
    using other = scratchApp()
    const { run: id } = await interrupted(other.path)
    renameSync(join(other.path, '.mill/runs', id, 'options.json'), join(other.path, 'gone.json'))
    const { error } = await resumed(other.path)
    expect(String(error)).toContain('there is no harness "scripted" any more')
  })
})
