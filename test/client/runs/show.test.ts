import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findRun } from '../../../client/runs/find-run.ts'
import { runsCommand } from '../../../client/runs/runs-command.ts'
import { showCommand } from '../../../client/runs/show-command.ts'
import { scratchApp } from '../scripted.ts'
import { ASKED, said, threeRuns } from './run-kit.ts'

let all: Awaited<ReturnType<typeof threeRuns>>
beforeAll(async () => {
  all = await threeRuns()
})
afterAll(() => all.app[Symbol.dispose]())

describe('findRun()', () => {
  const ids = ['20260101-000000000-aaaa', '20260101-000000001-aabb', '20260102-000000000-ccdd']
  test.each([
    ['last', ids[2]],
    ['20260102', ids[2]],
    ['aabb', ids[1]],
    [ids[0] ?? '', ids[0]],
  ])('finds %s', (word, id) => expect(findRun(word, ids)).toBe(id))
  test.each([
    ['2026', 'runs/ambiguous', ids[1]],
    ['bb', 'runs/unknown', ids[2]],
    ['', 'runs/ambiguous', ids[0]],
  ])('refuses %j as %s', (word, code, names) => {
    const trial = () => findRun(word, ids)
    expect(trial).toThrow(expect.objectContaining({ code }))
    expect(trial).toThrow(names)
  })
  test('says that there is none', () => expect(() => findRun('last', [])).toThrow('there is no run here yet'))
})

describe('mill runs', () => {
  test('lists all runs, newest first, with what came of them and what they cost', async () => {
    const { out, err } = await said(runsCommand, [all.app.path])
    const [head, ...lines] = out.trimEnd().split('\n')
    expect(head).toMatch(/^run +flow +release +begun +took +tasks +tokens +cost$/)
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      [all.stopped, '✗ cancelled, resumable', 'demo', 'r1'],
      [all.failed, '✗ failed', 'demo', 'r1'],
      [all.succeeded, '✓ succeeded', 'demo', 'r1'],
    ])
    expect(lines[1]).toContain('1/3 (2 lost)')
    expect(lines[1]).toMatch(/2,200 +cost unknown for nobody-knows/)
    expect(lines[2]).toMatch(/3\/3 +3,300 +\$0\.0045$/)
    expect(err).toBe('')
  })

  test('says the same as JSON', async () => {
    const { out } = await said(runsCommand, [all.app.path, '--format', 'json'])
    expect(JSON.parse(out).runs[2]).toMatchObject({
      run: all.succeeded,
      verdict: 'succeeded',
      isResumable: false,
      tokens: 3300,
      tasks: { done: 3 },
    })
  })

  test('says that there are none, also where there is no such folder', async () => {
    using empty = scratchApp()
    expect((await said(runsCommand, [empty.path])).out).toBe(`No runs in ${empty.path}\n`)
    expect((await said(runsCommand, [join(empty.path, 'none')])).error).toBeNull()
  })
})

describe('mill show', () => {
  const show = (...args: string[]) => said(showCommand, [...args, '--app', all.app.path])

  test('tells what came of it first, then who did what when, and what was left', async () => {
    const { out, error } = await show(all.failed)
    expect(error).toBeNull()
    expect(out).toMatch(/^✗ demo failed in /)
    for (const part of [
      't1 (work) failed (crash): boom',
      '\nTimeline\n',
      '● t2',
      '\nTasks\n',
      '\nHandoffs\n',
      'did: did it',
      '\nTried again\n  t1, attempt 1: crash, boom',
      'cost unknown for nobody-knows, limit $3',
    ])
      expect(out).toContain(part)
    expect(out).not.toContain('\u001b')
  })

  test('shows how to go on with a run that was stopped', async () => {
    const { out } = await show('last')
    expect(out).toContain(`mill resume ${all.app.path} ${all.stopped.slice(-4)}`)
  })

  test('draws Markdown, a picture and JSON', async () => {
    const markdown = (await show(all.succeeded, '--format', 'markdown')).out
    for (const part of [
      '# demo: succeeded',
      '## Timeline\n\n```text\n',
      '### t1 work\n\n- did: wrote code',
      '- files: a.ts',
    ])
      expect(markdown).toContain(part)
    expect((await show(all.succeeded, '--format', 'svg')).out).toMatch(
      /^<svg .*prefers-color-scheme: dark.*<\/svg>\n$/s,
    )
    const json = JSON.parse((await show(all.succeeded, '--format', 'json')).out)
    expect(json).toMatchObject({
      run: all.succeeded,
      options: { ...ASKED, version: 1 },
      tasks: [{ id: 't1', standing: 'done', handoff: { filesTouched: ['a.ts'] } }, {}, {}],
    })
    expect(json.timeline.rows.map((row: { id: string }) => row.id)).toEqual(['seed', 't1', 't2', 't3'])
  })

  test('refuses what is no run', async () => {
    expect((await show('zzzz')).error).toMatchObject({ code: 'runs/unknown', exit: 2 })
  })
})
