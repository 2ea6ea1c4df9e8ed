import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { CommanderError } from 'commander'
import { describe, expect, test } from 'vitest'
import { clientCommands } from '../../client/cli.ts'
import { CommandError, type ExitCode } from '../../schemas/cli.ts'
import { runOptionsSchema } from '../../schemas/run-options.ts'
import { serveFlow } from './flow-server.ts'
import { scratch, scratchApp } from './scripted.ts'

async function mill(args: readonly string[], { signal = new AbortController().signal, env = {} } = {}) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const codes: ExitCode[] = []
  const io = { stdout, stderr, env, cwd: '/', signal, exit: (given: ExitCode) => void codes.push(given) }
  const [command] = clientCommands(io)
  command
    ?.exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => void stdout.write(text) })
  const error = await command?.parseAsync(args, { from: 'user' }).then(
    () => null,
    (reason: unknown) => reason,
  )
  return {
    error,
    code: codes.at(-1),
    out: String(stdout.read() ?? ''),
    err: String(stderr.read() ?? ''),
  }
}

describe('mill run', () => {
  test.each([
    [['.'], 'required option'],
    [['--flow', 'demo'], 'missing required argument'],
    [['.', '--flow', 'Demo!'], 'expected a flow name'],
    [['.', '--flow', 'demo', '--concurrency', '0'], 'expected a whole number from 1 to 64'],
    [['.', '--flow', 'demo', '--concurrency', '65'], 'expected a whole number from 1 to 64'],
    [['.', '--flow', 'demo', '--concurrency', '1e1'], 'expected a whole number from 1 to 64'],
    [['.', '--flow', 'demo', '--max-tasks', '-1'], 'expected a whole number from 1 to 100000'],
    [['.', '--flow', 'demo', '--harness', 'toString'], 'expected one of embedded'],
    [['.', '--flow', 'demo', '--base', 'file:///etc'], 'expected an http address'],
    [['.', '--flow', 'demo', '--base', 'http://me:hidden@localhost:1'], 'without a password'],
    [['.', '--flow', 'demo', '--jsn'], 'unknown option'],
  ])('refuses %j', async (args, message) => {
    const { error } = await mill(args)
    expect(error).toBeInstanceOf(CommanderError)
    expect(String(error)).toContain(message)
  })

  test('shows its flags', async () => {
    const { out } = await mill(['--help'])
    for (const flag of [
      '--base',
      '--flow',
      '--harness',
      '--concurrency',
      '--max-tasks',
      '--resume',
      '--json',
    ])
      expect(out).toContain(flag)
  })

  test('has its own message for an app that is not there, and one that is none', async () => {
    using dir = scratch()
    const missing = await mill([join(dir.path, 'none'), '--flow', 'demo'])
    expect(missing.error).toMatchObject({ code: 'run/app-not-found', exit: 2 })
    const empty = await mill([dir.path, '--flow', 'demo'])
    expect(empty.error).toMatchObject({ code: 'run/not-a-project', exit: 2 })
    expect(existsSync(join(dir.path, '.mill'))).toBe(false)
  })

  test('has its own message for a server that is down, and leaves no run behind', async () => {
    using app = scratchApp()
    const { error } = await mill([app.path, '--flow', 'demo', '--base', 'http://127.0.0.1:9'])
    expect(error).toBeInstanceOf(CommandError)
    const resumed = await mill([app.path, '--flow', 'demo', '--resume'])
    expect(resumed.error).toMatchObject({ code: 'run/nothing-to-resume', exit: 2 })
  })

  test('ends with 130 when it is interrupted before it began', async () => {
    using app = scratchApp()
    const { error, code } = await mill([app.path, '--flow', 'demo', '--base', 'http://127.0.0.1:9'], {
      signal: AbortSignal.abort(),
    })
    expect(error).toBeNull()
    expect(code).toBe(130)
  })

  test('does not leave an endpoint unused that somebody has named', async () => {
    const args = ['.', '--flow', 'demo', '--model-url', 'http://localhost:11434/v1']
    for (const more of [[], ['--harness', 'claude']]) {
      const { error } = await mill([...args, ...more])
      expect(error).toMatchObject({ code: 'run/model-url', exit: 2 })
      expect(String(error)).toContain('"http://localhost:11434/v1"')
      expect(String(error)).toContain('expected --harness ai')
    }
  })

  test('says so when the run folder cannot be written', async () => {
    using app = scratchApp()
    writeFileSync(join(app.path, '.mill'), 'a file')
    const { error } = await mill([app.path, '--flow', 'demo'])
    expect(error).toMatchObject({ code: 'run/folder-unwritable' })
    expect(String(error)).toContain('it is not a folder')
  })

  test('says so when the journal to resume is corrupt', async () => {
    using app = scratchApp()
    const folder = join(app.path, '.mill/runs/20260101-000000-abcd')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'audit.jsonl'), '{"e":"run-started"}\n')
    const { error } = await mill([app.path, '--flow', 'demo', '--resume'])
    expect(error).toMatchObject({ code: 'run/journal-corrupt' })
  })
})

test('mill run keeps what a resume needs, and no values', async () => {
  using app = scratchApp()
  writeFileSync(join(app.path, 'package.json'), '{"name":"shop","dependencies":{"next":"16.0.0"}}')
  const server = await serveFlow()
  try {
    const { error } = await mill([
      app.path,
      '--flow',
      'demo',
      '--base',
      server.base,
      '--max-usd',
      '2',
      '--env',
      'KEY=hidden',
      '--json',
    ])
    expect(error).toBeNull()
    const runs = join(app.path, '.mill/runs')
    const text = readFileSync(join(runs, readdirSync(runs)[0] ?? '', 'options.json'), 'utf8')
    expect(runOptionsSchema.parse(JSON.parse(text))).toMatchObject({
      flow: 'demo',
      maxUsd: 2,
      concurrency: 1,
    })
    expect(text).not.toContain('hidden')
  } finally {
    server.close()
  }
})

test.each<[string, string, Record<string, string>]>([
  ['what was lost', 'note: Cannot tell "127.0.0.1:1" of ', { MILL_TELEMETRY_POSTHOG_KEY: 'phc_nobody' }],
  ['why nothing is sent', 'note: Nothing is sent anywhere, since DO_NOT_TRACK is set', { DO_NOT_TRACK: '1' }],
])('mill run says %s of its telemetry, once its screen is gone', async (_, note, env) => {
  using app = scratchApp()
  writeFileSync(join(app.path, 'package.json'), '{"name":"shop","dependencies":{"next":"16.0.0"}}')
  const server = await serveFlow()
  try {
    const nobody = ['--telemetry-posthog', 'http://127.0.0.1:1']
    const ran = await mill([app.path, '--flow', 'demo', '--base', server.base, ...nobody], { env })
    expect(ran).toMatchObject({ error: null, err: expect.stringContaining(note) })
  } finally {
    server.close()
  }
})
