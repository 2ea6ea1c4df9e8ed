import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { onTestFinished } from 'vitest'
import { buildCommands } from '../../../build/cli.ts'
import type { CliIo } from '../../../schemas/cli.ts'

export const FIXTURES = join(import.meta.dirname, '../../fixtures')
export const SMALL = join(FIXTURES, 'content-small')
export const FULL = join(FIXTURES, 'content-full')

/** An empty folder that is gone after the test. */
export function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'mill-commands-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }))
  return dir
}

/** A folder with a copy of the small tree as `content/`. */
export function withContent(): string {
  const dir = scratch()
  cpSync(SMALL, join(dir, 'content'), { recursive: true })
  return dir
}

export function write(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}

export interface Ran {
  readonly out: string
  readonly err: string
  readonly code: number
  readonly error?: Error & { readonly code: string; readonly exit?: number }
}

/** A command that runs, with its ends in hand. */
export function start(cwd: string, args: readonly string[], more: Partial<CliIo> = {}) {
  let code = 0
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const io: CliIo = {
    ...{ stdout, stderr, env: { HOME: cwd, PATH: process.env.PATH }, cwd },
    signal: new AbortController().signal,
    exit: (verdict) => {
      code = verdict
    },
    ...more,
  }
  const program = new Command('mill')
    .exitOverride()
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
  for (const command of buildCommands(io)) program.addCommand(command.copyInheritedSettings(program))
  const ended = program.parseAsync(['node', 'mill', ...args]).then(
    () => undefined,
    (reason) => reason,
  )
  return { stdout, ended, code: () => code, stderr }
}

/** A command that has run. */
export async function mill(cwd: string, ...args: string[]): Promise<Ran> {
  const { stdout, stderr, ended, code } = start(cwd, args)
  const error = await ended
  const read = (stream: PassThrough) => String(stream.read() ?? '')
  return { out: read(stdout), err: read(stderr), code: code(), ...(error === undefined ? {} : { error }) }
}
