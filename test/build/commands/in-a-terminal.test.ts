import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { withContent } from './mill.ts'

const MILL = join(import.meta.dirname, '../../../bin/mill.js')

/** `script` gives a command a terminal of its own. */
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0

/** A command at a terminal, whose screen can be waited for and whose keys can be pressed. */
function atTerminal(cwd: string, ...args: string[]) {
  const words = [process.execPath, MILL, ...args].map((word) => `'${word}'`).join(' ')
  const env = { ...process.env, CI: '', NO_COLOR: '1' }
  const child = spawn('script', ['-qec', words, '/dev/null'], { cwd, env, stdio: 'pipe' })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  child.stdout.on('data', (chunk) => {
    screen += chunk
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const shows = async (text: string) => {
    for (let left = 1_000; !screen.includes(text); left--) {
      if (left === 0) throw new Error(`"${text}" was not shown, but ${JSON.stringify(screen)}`)
      await new Promise((done) => setTimeout(done, 25))
    }
    const end = screen.indexOf(text) + text.length
    const seen = screen.slice(0, end)
    screen = screen.slice(end)
    return seen
  }
  return { shows, press: (keys: string) => child.stdin.write(keys), ended }
}

describe.runIf(hasTerminals)('in a terminal', () => {
  test('mill check --watch shows each save, and Ctrl-C ends it with 130', { timeout: 60_000 }, async () => {
    const dir = withContent()
    const greet = join(dir, 'content/agents/hello/greet.md')
    const { shows, press, ended } = atTerminal(dir, 'check', '--watch')
    expect(await shows('watching')).toContain('no problems found')
    writeFileSync(greet, readFileSync(greet, 'utf8').replace('Read', 'Raed'))
    expect(await shows('watching')).toContain('Did you mean "Read"?')
    press('\u0003')
    expect(await ended).toBe(130)
  })

  test('mill new asks until it can make a prompt that passes', { timeout: 60_000 }, async () => {
    const dir = withContent()
    const { shows, press, ended } = atTerminal(dir, 'new', 'agent')
    await shows('(hello): ')
    press('hello\r')
    await shows('"build": ')
    press('Tidy\r')
    expect(await shows('Expected a task type')).not.toContain('created')
    await shows('"build": ')
    press('tidy\r')
    await shows('created content/agents/hello/tidy.md')
    expect(await ended).toBe(0)
    const check = spawnSync(process.execPath, [MILL, 'check'], { cwd: dir, encoding: 'utf8' })
    expect([check.stdout, check.status]).toEqual(['no problems found\n', 0])
  })

  test('mill new creates nothing when Ctrl-C answers it', { timeout: 60_000 }, async () => {
    const dir = withContent()
    const { shows, press, ended } = atTerminal(dir, 'new', 'skill')
    await shows('(my-skill): ')
    press('\u0003')
    expect(await ended).toBe(130)
    expect(existsSync(join(dir, 'content/skills/my-skill'))).toBe(false)
  })
})
