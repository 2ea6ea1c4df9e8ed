import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readRun, runIds } from '../../../client/runs/read-runs.ts'
import { resumeCommand } from '../../../client/runs/resume-command.ts'
import { runsCommand } from '../../../client/runs/runs-command.ts'
import { showCommand } from '../../../client/runs/show-command.ts'
import { finish, journalOf, scratchApp } from '../scripted.ts'
import { ASKED, interrupted, runThree, said, threeRuns } from './run-kit.ts'

const folderOf = (id: string) => join(all.app.path, '.mill/runs', id)

let all: Awaited<ReturnType<typeof threeRuns>>
beforeAll(async () => {
  all = await threeRuns()
})
afterAll(() => all.app[Symbol.dispose]())

describe('readRun()', () => {
  test('reads a run that is at work, without touching it', async () => {
    using other = scratchApp()
    let seen: Awaited<ReturnType<typeof readRun>>
    let listed = ''
    await runThree(other.path, async ({ job, call }) => {
      if (job.id === 't2') {
        const [id = ''] = await runIds(other.path)
        const file = join(other.path, '.mill/runs', id, 'audit.jsonl')
        const before = readFileSync(file)
        seen = await readRun(other.path, id)
        listed = (await said(runsCommand, [other.path])).out
        expect(readFileSync(file).subarray(0, before.length)).toEqual(before)
      }
      return finish(call)
    })
    expect(seen?.isAlive).toBe(true)
    expect(listed).toContain('▸ running ')
  })

  test('tells a run whose process is gone from one that is at work', async () => {
    using other = scratchApp()
    const { run: id } = await interrupted(other.path)
    const path = join(other.path, '.mill/runs', id)
    const lines = readFileSync(join(path, 'audit.jsonl'), 'utf8').trimEnd().split('\n')
    const cut = lines.findLastIndex((line) => line.includes('"e":"attempt-ended"'))
    writeFileSync(join(path, 'audit.jsonl'), `${lines.slice(0, cut).join('\n')}\n`)
    const gone = Number(execFileSync(process.execPath, ['-p', 'process.pid']))
    writeFileSync(
      join(path, 'options.json'),
      JSON.stringify({ version: 1, pid: gone, disclosure: '', ...ASKED }),
    )
    expect((await said(runsCommand, [other.path])).out).toContain('↻ interrupted, resumable')
  })

  test('shows a damaged journal up to the damage, and never takes it up again', async () => {
    using other = scratchApp()
    cpSync(folderOf(all.succeeded), join(other.path, '.mill/runs', all.succeeded), { recursive: true })
    const file = join(other.path, '.mill/runs', all.succeeded, 'audit.jsonl')
    const lines = readFileSync(file, 'utf8').split('\n')
    const started = lines.findLastIndex((line) => line.includes('"e":"task-started"'))
    lines[started] = lines[started]?.replace('"attempt":1', '"attempt":7') ?? ''
    writeFileSync(file, lines.join('\n'))
    const record = await readRun(other.path, all.succeeded)
    expect(record?.damage).toMatch(/^line \d+ of its journal is not as it was written$/)
    expect(record?.events.length).toBeGreaterThan(3)
    expect((await said(runsCommand, [other.path])).out).toContain('! damaged')
    expect((await said(showCommand, ['last', '--app', other.path])).out).toContain(
      'What comes after that is not certain',
    )
    const { error } = await said(
      (io) => resumeCommand(io, async () => undefined),
      [other.path, all.succeeded],
    )
    expect(String(error)).toContain('is not as it was written')
  })

  test('is not taken in by what is no run', async () => {
    using other = scratchApp()
    const runs = join(other.path, '.mill/runs')
    const put = (id: string, text?: string) => {
      mkdirSync(join(runs, id), { recursive: true })
      if (text !== undefined) writeFileSync(join(runs, id, 'audit.jsonl'), text)
    }
    put('20260101-000000000-0001')
    put('20260101-000000000-0002', '')
    put('20260101-000000000-0003', 'not\njson\n')
    put('20260101-000000000-0004', '{"e":"run-started"}\n')
    put('20260101-000000000-0005')
    mkdirSync(join(runs, '20260101-000000000-0005/audit.jsonl'))
    put('20260101-000000000-0006')
    execFileSync('mkfifo', [join(runs, '20260101-000000000-0006/audit.jsonl')])
    put('20260101-000000000-0007')
    symlinkSync('/etc/passwd', join(runs, '20260101-000000000-0007/audit.jsonl'))
    put('e\u001b[2Jvil')
    writeFileSync(join(runs, '20260101-000000000-0008'), 'a file')
    const { out, err, error } = await said(runsCommand, [other.path])
    expect(error).toBeNull()
    expect(out.match(/! damaged/g)).toHaveLength(2)
    expect(err).toMatch(/^Not a run, and left alone: .*0007.*0006.*0005.*0002.*0001\n$/)
    for (const id of readdirSync(runs)) {
      const { error } = await said(showCommand, [id, '--app', other.path])
      if (error !== null) expect(error).toHaveProperty('code')
    }
  })

  test('never crashes on a journal that was cut or changed anywhere', async () => {
    using other = scratchApp()
    cpSync(folderOf(all.failed), join(other.path, '.mill/runs', all.failed), { recursive: true })
    const file = join(other.path, '.mill/runs', all.failed, 'audit.jsonl')
    const bytes = readFileSync(file)
    const whole = (await journalOf(folderOf(all.failed))).length
    for (let at = 7; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      for (const damaged of [
        bytes.subarray(0, at),
        changed,
        Buffer.concat([bytes.subarray(0, at), Buffer.alloc(40), bytes.subarray(at)]),
      ]) {
        writeFileSync(file, damaged)
        const record = await readRun(other.path, all.failed)
        expect(record?.events.length ?? 0).toBeLessThanOrEqual(whole)
        const { error } = await said(showCommand, ['last', '--app', other.path])
        if (error !== null) expect(error).toHaveProperty('code', 'runs/foreign')
      }
    }
    writeFileSync(file, bytes)
    appendFileSync(file, '{"e":"torn')
    expect((await readRun(other.path, all.failed))?.damage).toBeNull()
  })
})
