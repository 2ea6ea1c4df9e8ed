import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mill, root, type Served, scratch, served, start } from './mill.ts'

const dir = scratch()
let server: Served

beforeAll(async () => {
  server = await served([
    'serve',
    '--content',
    'content',
    '--root',
    'dev',
    '--store',
    join(dir.path, 'store'),
  ])
})
afterAll(async () => {
  await server.stop()
  dir[Symbol.dispose]()
})

interface Line {
  readonly e: string
  readonly id?: string
  readonly attempt?: number
  readonly failure?: unknown
  readonly retry?: boolean
}

/** Every event of a run, from its journal. */
function journal(app: string): readonly Line[] {
  const runs = join(app, '.mill/runs')
  const [run] = readdirSync(runs).sort()
  const text = readFileSync(join(runs, run ?? '', 'audit.jsonl'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .map((line) => line.event ?? line)
}

/** Kills a run with SIGKILL once it has printed `after` events. */
async function killed(app: string, after: number): Promise<void> {
  const child = start(['run', app, '--base', server.base, '--flow', 'walking-skeleton', '--json'])
  let seen = 0
  await new Promise<void>((done) => {
    child.once('exit', () => done())
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString().split('\n').length - 1
      if (seen >= after) child.kill('SIGKILL')
    })
  })
}

test.each([3, 6, 9, 12, 15, 18])(
  'a run killed after %i events resumes, and nothing finished runs again',
  async (after) => {
    const app = join(dir.path, `app-${after}`)
    cpSync(join(root, 'test/fixtures/apps/express-clean'), app, { recursive: true })
    await killed(app, after)
    const finished = journal(app)
      .filter((line) => line.e === 'attempt-ended' && line.retry === false)
      .map((line) => line.id)
    const { code, stderr } = await mill([
      'run',
      app,
      '--base',
      server.base,
      '--flow',
      'walking-skeleton',
      '--resume',
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const lines = journal(app)
    const resumedAt = lines.findIndex((line) => line.e === 'run-resumed')
    expect(resumedAt).toBeGreaterThan(0)
    const startedAgain = lines
      .slice(resumedAt)
      .filter((line) => line.e === 'task-started')
      .map((line) => line.id)
    expect(startedAgain.filter((id) => finished.includes(id))).toEqual([])
    const settled = lines
      .filter((line) => line.e === 'attempt-ended' && line.retry === false)
      .map((line) => line.id)
    expect(new Set(settled).size).toBe(settled.length)
  },
  60_000,
)
