import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Question } from '../../../../client/tools/ask/asker.ts'
import type { DeskOptions } from '../desk.ts'
import { ScratchApp } from './scratch-app.ts'

const [KEY, HOST] = ['NEXT_PUBLIC_POSTHOG_KEY', 'NEXT_PUBLIC_POSTHOG_HOST']
const EU = 'https://eu.i.posthog.com'

let app: ScratchApp
beforeEach(async () => {
  app = await ScratchApp.of()
  await mkdir(join(app.folder, '.mill/runs/r1'), { recursive: true })
  await app.put('.env.example', `# Key\n${KEY}=\n# Host\n${HOST}=\nOTHER_KEY=\n`)
})
afterEach(() => app.remove())

/** What came of the task, what the person was asked, and what the agents were told. */
async function configured(answers: readonly (string | undefined)[], more: Partial<DeskOptions> = {}) {
  const questions: Question[] = []
  const asker = {
    ask: async (question: Question) => answers[questions.push(question) - 1],
  }
  const desk = await app.one('nextjs', 'configure', { asker, ...more })
  return { task: desk.of('configure'), questions, told: JSON.stringify([desk.events, desk.tasks]) }
}

describe('integrate-posthog/configure', () => {
  test('asks for the key, then for the host, and shows the key to nobody', async () => {
    const { task, questions, told } = await configured(['phc_secret', EU])
    expect(task).toMatchObject({ status: 'done', handoff: { filesTouched: ['.env.local'] } })
    expect(questions.map(({ keepAs, options }) => [keepAs, options])).toEqual([
      [KEY, []],
      [HOST, ['https://us.i.posthog.com', EU]],
    ])
    expect(await app.text('.env.local')).toBe(`${KEY}=phc_secret\n${HOST}=${EU}\n`)
    expect(told).not.toContain('phc_secret')
  })

  test('sets the key alone where the person knows no host', async () => {
    const { task } = await configured(['phc_secret', undefined])
    expect(task).toMatchObject({ status: 'done', handoff: { assumptions: `${HOST} may stay empty` } })
    expect(await app.text('.env.local')).toBe(`${KEY}=phc_secret\n`)
  })

  test('asks nothing where the key was given, or is set', async () => {
    const first = await configured([], { given: new Map([[KEY, 'phc_given']]) })
    expect([first.task.status, first.questions]).toEqual(['done', []])
    expect(await app.text('.env.local')).toBe(`${KEY}=phc_given\n`)
    const second = await configured([], { given: new Map([[KEY, 'phc_other']]) })
    expect(second.task).toMatchObject({ status: 'done', handoff: { did: `Found ${KEY} set already` } })
    expect(second.questions).toEqual([])
    expect(await app.text('.env.local')).toBe(`${KEY}=phc_given\n`)
  })

  test('leaves all unset, and names it, where nobody gives a key', async () => {
    const before = await app.files()
    const { task, questions } = await configured([undefined])
    expect(questions).toHaveLength(1)
    expect(task).toMatchObject({ status: 'not-needed', why: expect.stringContaining(`${KEY} and ${HOST}`) })
    expect(await app.files()).toEqual(before)
  })

  test('is not needed where the app names no key', async () => {
    await app.put('.env.example', 'OTHER_KEY=\n')
    expect((await configured([])).task).toMatchObject({ status: 'not-needed' })
  })
})
