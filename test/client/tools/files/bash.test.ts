import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bashTool } from '../../../../client/tools/files/bash.ts'
import { parseCommand } from '../../../../client/tools/files/command.ts'
import { commandEnvironment } from '../../../../client/tools/files/config.ts'
import { fc } from '../../../properties.ts'

describe('parseCommand()', () => {
  test.each([
    'npm install',
    'npm install --no-audit --no-fund',
    'npm ci',
    'npm test',
    'npm run build',
    'pnpm run "type-check"',
    "yarn run 'test:unit'",
    'bun install',
    'npx tsc --noEmit',
    'npx --no tsc --noEmit --pretty false',
    'pnpm exec next build',
    'node --version',
    'node --check src/app.js',
    '  npm   run  build ',
  ])('allows %j', (text) => {
    expect(parseCommand(text)).toMatchObject({ ok: true })
  })

  test.each([
    '',
    ' ',
    'rm -rf .',
    'npm',
    'npm publish',
    'npm install evil',
    'npm install ./evil',
    'npm ci --prefix /',
    'npm --prefix / install',
    'npm run build --workspace=x',
    'npm run build -- --x',
    'npm run ../x',
    'npm run -s',
    'npm exec evil',
    'npx evil',
    'npx tsc -p ../x',
    'npx -y tsc --noEmit',
    'npx tsc@evil --noEmit',
    'npx toString',
    'pnpm dlx next build',
    'bun run x.ts',
    'next build',
    'node x.js',
    'node -e 1',
    'node --check /etc/x.js',
    'node --check -e.js',
    'node --check .env',
    'node --check --import=x.js',
    'npm run build; ls',
    'npm run build & ls',
    'npm run build|cat',
    'npm run build>x',
    'npm run $(ls)',
    'npm run `ls`',
    'npm run "a b"',
    'npm run "build',
    'npm run "build"x',
    'npm run build\nls',
    'npm\trun build',
    'A=1 npm run build',
    './npm run build',
    '/usr/bin/npm run build',
    'npm run bu\\ild',
    'NPM run build',
    'npm run build\u00a0',
  ])('refuses %j', (text) => {
    expect(parseCommand(text)).toMatchObject({ ok: false })
  })

  test('allows no text with a character that a shell would read as more than a word', () => {
    const shell = fc.constantFrom(...';&|<>$`\\(){}*?[]#!~\n\r\t\0^')
    fc.assert(
      fc.property(
        fc.constantFrom('npm run build', 'npm ci', 'node --version'),
        shell,
        fc.nat(12),
        (text, sign, at) => {
          expect(parseCommand(text.slice(0, at) + sign + text.slice(at))).toMatchObject({ ok: false })
        },
      ),
    )
  })
})

describe('commandEnvironment()', () => {
  test('holds no key, and no folder of the project on its path', () => {
    const env = commandEnvironment('/app', {
      PATH: '/usr/bin:/app/bin:node_modules/.bin::/bin',
      HOME: '/home/a',
      ANTHROPIC_API_KEY: 'k',
      npm_config_registry: 'http://localhost:1',
      'npm_config_//localhost:1/:_authToken': 'k',
      NODE_OPTIONS: '--import=evil',
      NPM_TOKEN: 'k',
    })
    expect(env).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/home/a',
      npm_config_registry: 'http://localhost:1',
      CI: '1',
      NEXT_TELEMETRY_DISABLED: '1',
      npm_config_yes: 'false',
      npm_config_update_notifier: 'false',
    })
  })
})

describe('Bash', () => {
  let app = ''
  beforeEach(async () => {
    app = await mkdtemp(join(tmpdir(), 'bash-'))
  })
  afterEach(() => rm(app, { recursive: true, force: true }))

  const never = new AbortController().signal
  const scripts = (named: Record<string, string>) =>
    writeFile(join(app, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts: named }))

  test('answers the exit code and what was said, and fails when the command fails', async () => {
    await writeFile(join(app, 'ok.js'), 'export {}\n')
    await writeFile(join(app, 'bad.js'), 'let let\n')
    expect(await bashTool(app).run({ command: 'node --version' }, never)).toMatch(/^exit 0\nv\d+/)
    expect(await bashTool(app).run({ command: 'node --check ok.js' }, never)).toMatch(/^exit 0/)
    await expect(bashTool(app).run({ command: 'node --check bad.js' }, never)).rejects.toThrow(
      /^exit 1[\s\S]*SyntaxError/,
    )
  })

  test('runs only what is installed in the project, and fetches nothing to run it', async () => {
    await expect(bashTool(app).run({ command: 'npx tsc --noEmit' }, never)).rejects.toThrow('not installed')
    await mkdir(join(app, 'node_modules/.bin'), { recursive: true })
    await writeFile(join(app, 'node_modules/.bin/tsc'), '#!/bin/sh\necho ours "$@"\n', { mode: 0o755 })
    await scripts({})
    expect(await bashTool(app).run({ command: 'npx tsc --noEmit' }, never)).toContain('ours --noEmit')
  })

  // A command that ignores SIGTERM and starts a child that does so as well; both write down who they are.
  const STUBBORN = `
    process.on('SIGTERM', () => {})
    const { spawn } = require('node:child_process')
    const { appendFileSync } = require('node:fs')
    if (process.argv[2] !== 'child') spawn(process.execPath, [__filename, 'child'], { stdio: 'inherit' })
    appendFileSync('pids', process.pid + '\\n')
    setInterval(() => {}, 1000)`

  const pids = async (count: number): Promise<readonly number[]> => {
    for (;;) {
      const found = (await readFile(join(app, 'pids'), 'utf8').catch(() => '')).split('\n').filter(Boolean)
      if (found.length >= count) return found.map(Number)
      await sleep(20)
    }
  }
  const alive = (pid: number) => {
    try {
      process.kill(pid, 0)
      // Killed, and not yet buried by whoever adopted it: that is gone.
      return !/\) Z /.test(existsSync('/proc') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '')
    } catch {
      return false
    }
  }
  const allGone = async (found: readonly number[]) => {
    for (let tries = 0; tries < 200 && found.some(alive); tries += 1) await sleep(10)
    return !found.some(alive)
  }

  test('kills the whole group when the signal aborts or the time is over', async () => {
    await scripts({ hang: 'node hang.cjs' })
    await writeFile(join(app, 'hang.cjs'), STUBBORN)
    const stop = new AbortController()
    const aborted = bashTool(app).run({ command: 'npm run hang' }, stop.signal)
    const first = await pids(2)
    stop.abort()
    await expect(aborted).rejects.toThrow('Stopped "npm run hang"')
    expect(await allGone(first)).toBe(true)
    await rm(join(app, 'pids'))
    const late = bashTool(app).run({ command: 'npm run hang', timeout: 1500 }, never)
    await expect(late).rejects.toThrow('after 1500 ms')
    expect(await allGone(await pids(2))).toBe(true)
  })

  test('leaves nothing behind when a command ends before its children', async () => {
    await scripts({ leave: 'node leave.cjs' })
    await writeFile(join(app, 'hang.cjs'), STUBBORN)
    await writeFile(
      join(app, 'leave.cjs'),
      `require('node:child_process').spawn(process.execPath, ['hang.cjs', 'child'], { stdio: 'inherit' }).unref()
       const { existsSync } = require('node:fs')
       setInterval(() => existsSync('pids') && process.exit(0), 10)`,
    )
    expect(await bashTool(app).run({ command: 'npm run leave' }, never)).toMatch(/^exit 0/)
    expect(await allGone(await pids(1))).toBe(true)
  })

  test('leaves nothing behind when its own process is killed outright', async () => {
    await scripts({ hang: 'node hang.cjs' })
    await writeFile(join(app, 'hang.cjs'), STUBBORN)
    const tool = new URL('../../../../client/tools/files/bash.ts', import.meta.url).href
    const code = `const { bashTool } = await import(${JSON.stringify(tool)})
      await bashTool(${JSON.stringify(app)}).run({ command: 'npm run hang' }, new AbortController().signal)`
    const victim = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
    const found = await pids(2)
    victim.kill('SIGKILL')
    expect(await allGone(found)).toBe(true)
  })
})
