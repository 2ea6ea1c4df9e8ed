import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { displayWidth } from '../../../client/tui/text.ts'
import { scratchApp } from '../scripted.ts'

const hasTmux = spawnSync('tmux', ['-V']).status === 0
const server = `mill-${randomUUID()}`
const stage = fileURLToPath(new URL('./stage.ts', import.meta.url))

const tmux = (...args: string[]) =>
  execFileSync('tmux', ['-u', '-L', server, '-f', '/dev/null', ...args], { encoding: 'utf8' })
const lines = (...args: string[]) => tmux('capture-pane', '-p', ...args).split('\n')
const text = (...args: string[]) => lines(...args).join('\n')

async function until(found: () => boolean): Promise<void> {
  for (let left = 400; !found(); left--) {
    if (left === 0) throw new Error(`It was never seen; the screen shows\n${text('-S', '-200')}`)
    await sleep(50)
  }
}

/** A shell with some output above, in which the stage is played. */
function play(app: string, [columns, rows]: readonly [number, number], environment = ''): void {
  // Whoever runs the tests may have a CI or no colours; the person at this terminal has neither.
  const run = `-u CI -u NO_COLOR ${environment} '${process.execPath}' '${stage}' '${app}' 120`
  const size = ['-x', String(columns), '-y', String(rows)]
  tmux('new-session', '-d', ...size, `echo FIRST; seq 12; echo BEFORE; env ${run}; echo "LEFT $?"; sleep 60`)
}

/** What must hold of any frame: each line once, nothing wrapped, nothing of an older frame. */
function expectWhole(columns: number): void {
  const shown = lines()
  expect(shown.filter((line) => line.startsWith('demo  '))).toHaveLength(1)
  expect(shown[0]).toMatch(/^demo {2}.*\ds$/)
  expect(shown.filter((line) => line.startsWith('spent '))).toHaveLength(1)
  for (const id of ['t1', 't2', 't9']) {
    expect(shown.filter((line) => new RegExp(`^\\S ${id} `).test(line)).length).toBeLessThanOrEqual(1)
  }
  for (const line of shown) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
}

afterAll(() => {
  if (hasTmux) spawnSync('tmux', ['-L', server, 'kill-server'])
})

test.skipIf(!hasTmux)(
  'the panel is whole at every size while it runs, and leaves the terminal as it was (skipped without tmux)',
  async () => {
    using app = scratchApp()
    play(app.path, [80, 24])
    await until(() => text().includes('t2 '))
    expectWhole(80)
    expect(text()).not.toContain('BEFORE')
    expect(tmux('display', '-p', '#{alternate_on}#{cursor_flag}').trim()).toBe('10')
    for (const [columns, rows] of [
      [50, 16],
      [160, 50],
      [40, 12],
      [80, 24],
    ] as const) {
      tmux('resize-window', '-x', String(columns), '-y', String(rows))
      await sleep(400)
      if (text().includes('LEFT')) break
      expectWhole(columns)
    }
    await until(() => text().includes('LEFT'))
    expect(tmux('display', '-p', '#{alternate_on}#{cursor_flag}').trim()).toBe('01')
    const all = text('-S', '-300')
    const places = ['FIRST', 'BEFORE', '✗ failed in', '# demo: failed', 'THE END failed', 'LEFT 0']
    expect(places.map((word) => all.split(word).length - 1)).toEqual(places.map(() => 1))
    expect(places.map((word) => all.indexOf(word))).toEqual(
      places.map((word) => all.indexOf(word)).sort((a, b) => a - b),
    )
    expect(all).toMatch(/✗ t6 .*the agent’s proc.* failed/)
    expect(all).toMatch(/■ t8 .*t6 errors failed.* blocked/)
    expect(all).not.toContain('topsecret')
  },
  60_000,
)

test.skipIf(!hasTmux)(
  'the panel has no colours under NO_COLOR, and Ctrl-C leaves a clean terminal (skipped without tmux)',
  async () => {
    using app = scratchApp()
    play(app.path, [100, 30], 'NO_COLOR=1')
    await until(() => text().includes('↳ Bash POSTHOG_KEY=… pnpm add'))
    expect(tmux('capture-pane', '-e', '-p')).not.toContain('\u001B[')
    tmux('send-keys', 'C-c')
    await until(() => text().includes('LEFT'))
    expect(tmux('display', '-p', '#{alternate_on}#{cursor_flag}').trim()).toBe('01')
    expect(text('-S', '-300')).toMatch(/The run was interrupted; \d of \d tasks had not run/)
  },
  60_000,
)
