import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { compareCommand } from '../../../client/compare/command.ts'
import type { MeasuredRun } from '../../../client/compare/measured-run.ts'
import { scratch } from '../scripted.ts'
import { idOf, type Said, writeRuns } from './journals.ts'

let dir: ReturnType<typeof scratch>
beforeEach(() => {
  dir = scratch()
})
afterEach(() => dir[Symbol.dispose]())

async function mill(...args: readonly string[]) {
  const stdout = Object.assign(new PassThrough(), { columns: 70 })
  const stderr = new PassThrough()
  const signal = new AbortController().signal
  const io = { stdout, stderr, env: {}, cwd: dir.path, signal, exit: () => undefined }
  const command = compareCommand(io)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
  const error: unknown = await command.parseAsync(args, { from: 'user' }).then(
    () => null,
    (reason: unknown) => reason,
  )
  return { error, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

const both = (n: number): Said[] =>
  Array.from({ length: n }, (_, index) => [
    { sequence: 'linear', took: 9000 + index } as const,
    { sequence: 'orchestrator', took: 1000 + index } as const,
  ]).flat()

describe('mill compare', () => {
  const runsOf = async (...words: readonly string[]) => {
    const { out, error } = await mill(...words, '--format', 'json')
    if (error) throw error
    const { flows } = JSON.parse(out)
    return flows
      .flatMap(({ groups }: { groups: { runs: MeasuredRun[] }[] }) =>
        groups.flatMap(({ runs }) => runs.map(({ run }) => run)),
      )
      .sort()
  }

  test('says once that there are too few runs, in lines that fit', async () => {
    writeRuns(dir.path, both(1))
    const { out } = await mill('--app', '.')
    expect(out.match(/too few runs to say/g)).toHaveLength(1)
    expect(out).toContain('all of it  too few runs to say')
    const lines = out.split('\n')
    expect(lines.filter((line) => line.length > 70)).toEqual([])
    expect(lines.join(' ')).toContain('times count from when the person asked')
  })

  test('finds runs by folder, app, pattern and id, each once, and changes nothing', async () => {
    const app = join(dir.path, 'apps/one')
    const ids = writeRuns(app, [{}, {}])
    const other = writeRuns(join(dir.path, 'apps/two'), [{}], 5)
    cpSync(join(app, '.mill/runs', idOf(0)), join(dir.path, 'kept', 'mine'), { recursive: true })
    const before = readFileSync(join(app, '.mill/runs', idOf(0), 'audit.jsonl'))
    expect(await runsOf(app)).toEqual(ids)
    expect(await runsOf('--app', 'apps/one')).toEqual(ids)
    expect(await runsOf(app, `apps/one/.mill/runs/${idOf(1)}`)).toEqual(ids)
    expect(await runsOf('apps/*')).toEqual([...ids, ...other].sort())
    expect(await runsOf('apps/*/.mill/runs/*5-abcd')).toEqual(other)
    expect(await runsOf('--app', 'apps/one', 'last')).toEqual([idOf(1)])
    expect(await runsOf('kept/mine')).toEqual(['mine'])
    expect(readFileSync(join(app, '.mill/runs', idOf(0), 'audit.jsonl'))).toEqual(before)
    expect(existsSync(join(app, '.mill/lock'))).toBe(false)
  })

  test.each([
    [['nowhere/at/all'], 'compare/not-found', 'it is not there'],
    [['*.none'], 'compare/not-found', 'nothing with a run matches it'],
    [['.'], 'compare/not-found', 'it holds no runs'],
    [['abcd'], 'runs/none', 'there is no run here yet'],
    [[], 'compare/nothing', 'there are none'],
  ])('refuses %j', async (words, code, why) => {
    const { error } = await mill(...words)
    expect(error).toMatchObject({ code, exit: 2, message: expect.stringContaining(why) })
  })

  test('says whom it leaves out, and why', async () => {
    const [, cancelled, damaged] = writeRuns(dir.path, [{}, { verdict: 'cancelled' }, {}])
    writeFileSync(join(dir.path, '.mill/runs', damaged ?? '', 'audit.jsonl'), '{"e":"run-started"}\n')
    mkdirSync(join(dir.path, '.mill/runs', idOf(9)))
    const { err } = await mill()
    expect(err).toContain(`Left out: ${cancelled}, it was cancelled`)
    expect(err).toMatch(/Left out: \S+, line 1 of its journal/)
    expect(err).toContain('it holds no journal of a run')
  })

  test('tells a terminal in straight columns', async () => {
    writeRuns(dir.path, both(6))
    const { out } = await mill()
    expect(out).toContain('success           6 of 6, 100 % (61 to 100)  6 of 6, 100 % (61 to 100)\n')
    expect(out).toContain('orchestrator instead of linear\n')
    expect(out).toContain('time              shorter: −8.0s (−8.0s to −7.9s)\n')
    expect(out).toContain('Medians: exact')
  })

  test('tells a page in Markdown in which no name is markup', async () => {
    writeRuns(dir.path, [{ release: '<b>|x`', channel: null }, { sequence: 'linear' }])
    const { out } = await mill('--format', 'markdown')
    expect(out).toContain('| orchestrator · release \\<b\\>\\|x\\` |')
    expect(out).toContain('\n|---|---|---|\n')
  })

  test('draws a picture that is well-formed whatever names say, the same each time', async () => {
    writeRuns(dir.path, [...both(6), { release: '<script>&"', channel: null, verdict: 'failed', usd: null }])
    const { out } = await mill('--format', 'svg')
    expect(out).not.toContain('<script>')
    expect(out).toContain('release &lt;script&gt;&amp;&quot;')
    expect(out).toMatch(/prefers-color-scheme: dark/)
    expect(out).toContain('class="oc')
    expect(out).not.toMatch(/NaN|undefined|Infinity/)
    const opened = [...out.matchAll(/<(svg|text|title|style)\b/g)].length
    expect([...out.matchAll(/<\/(svg|text|title|style)>/g)]).toHaveLength(opened)
    expect((await mill('--format', 'svg')).out).toBe(out)
  })
})

describe('mill compare --experiment', () => {
  const experiment = (name: string, ...channels: readonly string[]) => ({
    ...{ name, unit: 'a project', enabled: true, exposures: [] },
    arms: channels.map((channel) => ({ channel, weight: 1, share: 1 / channels.length, status: 'live' })),
  })
  const served = async (use: (base: string) => Promise<void>) => {
    const body = { experiments: [experiment('shorter', 'experiment-x', 'main')], diagnostics: [] }
    const server = createServer((request, response) => {
      if (request.url !== '/experiments') response.writeHead(404)
      response.end(JSON.stringify(body))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    } finally {
      server.closeAllConnections()
      server.close()
    }
  }

  test('takes the runs of its arms, the control first', () =>
    served(async (base) => {
      writeRuns(dir.path, [
        { channel: 'main' },
        { channel: 'experiment-x' },
        { channel: 'dev' },
        { channel: null },
      ])
      const { out } = await mill(
        '--experiment',
        'shorter',
        '--base',
        `${base}/channels/main/`,
        '--format',
        'json',
      )
      const { flows, leftOut } = JSON.parse(out)
      expect(flows[0].groups.map(({ channel }: { channel: string }) => channel)).toEqual([
        'experiment-x',
        'main',
      ])
      expect(leftOut.map(({ why }: { why: string }) => why)).toEqual([
        'channel "dev" is no arm of the experiment',
        'no server told its channel',
      ])
    }))

  test('says which experiments there are', () =>
    served(async (base) => {
      writeRuns(dir.path, [{}])
      const { error } = await mill('--experiment', 'shortr', '--base', base)
      expect(error).toMatchObject({ code: 'compare/unknown-experiment', exit: 2 })
      expect(String(error)).toContain('expected one of shorter; did you mean "shorter"?')
    }))
})
