import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { agentOn } from './wires.ts'

let app = ''
beforeEach(async () => {
  app = await mkdtemp(join(tmpdir(), 'commands-'))
})
afterEach(() => rm(app, { recursive: true, force: true }))

test.each(['aborted', 'timeout'])(
  'an agent of aiHarness() that ends as "%s" takes its command with it',
  async (end) => {
    const scripts = {
      hang: "node -e \"require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 999)\"",
    }
    await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', scripts }))
    const stop = new AbortController()
    const pid = async (): Promise<number> => Number(await readFile(join(app, 'pid'), 'utf8').catch(() => '0'))
    const hang = { calls: [{ tool: 'Bash', input: { command: 'npm run hang' } }] }
    const timeoutMs = end === 'timeout' ? 3000 : 60_000
    const running = agentOn({ wire: 'compatible', app }, [hang], {
      signal: stop.signal,
      limits: { maxTurns: 9, timeoutMs, stallMs: 60_000 },
    })
    while (end === 'aborted' && (await pid()) === 0) await sleep(20)
    if (end === 'aborted') stop.abort()
    const { outcome } = await running
    expect(outcome.end).toBe(end)
    const left = await pid()
    expect(left).toBeGreaterThan(0)
    for (let tries = 0; tries < 100 && isAlive(left); tries += 1) await sleep(20)
    expect(isAlive(left)).toBe(false)
  },
)

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
