import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { displayWidth } from '../../../client/tui/text.ts'
import { scratchApp } from '../scripted.ts'

const hasTmux = spawnSync('tmux', ['-V']).status === 0
const server = `mill-${randomUUID()}`
const stage = fileURLToPath(new URL('./stage.ts', import.meta.url))
const askingStage = fileURLToPath(new URL('./asking-stage.ts', import.meta.url))

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

interface Play {
  readonly app: string
  readonly environment?: string
  readonly script?: string
}

/** A shell with some output above, in which the stage is played. */
function play(
  { app, environment = '', script = stage }: Play,
  [columns, rows]: readonly [number, number],
): void {
  // Whoever runs the tests may have a CI or no colours; the person at this terminal has neither.
  const run = `-u CI -u NO_COLOR ${environment} '${process.execPath}' '${script}' '${app}' 120`
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
    play({ app: app.path }, [80, 24])
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
    play({ app: app.path, environment: 'NO_COLOR=1' }, [100, 30])
    await until(() => text().includes('↳ Bash POSTHOG_KEY=… pnpm add'))
    expect(tmux('capture-pane', '-e', '-p')).not.toContain('\u001B[')
    tmux('send-keys', 'C-c')
    await until(() => text().includes('LEFT'))
    expect(tmux('display', '-p', '#{alternate_on}#{cursor_flag}').trim()).toBe('01')
    expect(text('-S', '-300')).toMatch(/The run was interrupted; \d of \d tasks had not run/)
  },
  60_000,
)

/** Waits for a frame in which the question stands once, at the bottom, with the run above it. */
function untilAsked(question: string, rows: number): Promise<void> {
  return until(() => {
    const shown = lines()
    return (
      shown.filter((line) => line.startsWith('── ? ')).length === 1 &&
      /^demo {2}.*\ds$/.test(shown[0] ?? '') &&
      shown
        .slice(rows - 5)
        .join(' ')
        .includes('Esc declines') &&
      shown.join('\n').includes(question)
    )
  })
}

test.skipIf(!hasTmux)(
  'the panel asks at every size while other tasks go on, and is told by choice, by text, in secret, or by Esc (skipped without tmux)',
  async () => {
    using app = scratchApp()
    play({ app: app.path, script: askingStage }, [80, 24])
    const asks = async (who: string) => {
      const isListening = (shown = text()) => shown.includes(`── ? ${who} `) && shown.includes('Esc declines')
      await until(() => isListening())
      // Half of a frame may still be of the question before it.
      await sleep(200)
      await until(() => isListening())
    }
    await asks('t1')
    await untilAsked('Which of the projects', 24)
    tmux('send-keys', '1')
    await until(() => /▸ 1 {2}Shop/.test(text()))
    for (const [columns, rows] of [
      [160, 50],
      [40, 12],
      [80, 24],
    ] as const) {
      tmux('resize-window', '-x', String(columns), '-y', String(rows))
      await until(() =>
        (lines()[rows - 2] ?? '').includes(columns < 120 ? 'reads it' : '· the agent reads it'),
      )
      await untilAsked('▸ 1  Shop (production)', rows)
    }
    await until(() => /✓ t4 {2}Work meanwhile/.test(text()))
    tmux('send-keys', 'Enter')
    await asks('t2')
    tmux('send-keys', '-l', 'Mühle 支払x')
    tmux('send-keys', 'BSpace')
    await until(() => text().includes('> Mühle 支払▏'))
    tmux('send-keys', 'Enter')
    await asks('t3')
    tmux('send-keys', '-l', 'phc_topsecret')
    await until(() => text().includes('> •••••••••••••▏'))
    tmux('send-keys', 'Escape')
    await until(() => text().includes('LEFT'))
    const all = text('-S', '-300')
    expect(all).not.toContain('topsecret')
    expect(all).toContain('THE END succeeded')
    const folder = /FOLDER (\S+)/.exec(all.replace(/\n/g, ''))?.[1]?.replace(/THE$/, '') ?? ''
    const did = ['t1', 't2', 't3'].map(
      (id) => JSON.parse(readFileSync(join(folder, `handoffs/${id}.json`), 'utf8')).did,
    )
    expect(did).toEqual([
      'The person answered: Shop (production)',
      'The person answered: Mühle 支払',
      'The person declined to answer. Go on without, and do not ask this again',
    ])
    expect(tmux('display', '-p', '#{alternate_on}#{cursor_flag}').trim()).toBe('01')
  },
  60_000,
)

test.skipIf(!hasTmux)(
  'a question has no colours under NO_COLOR, and Ctrl-C while it is open ends the run (skipped without tmux)',
  async () => {
    using app = scratchApp()
    play({ app: app.path, environment: 'NO_COLOR=1', script: askingStage }, [80, 24])
    await until(() => text().includes('Esc declines'))
    expect(tmux('capture-pane', '-e', '-p')).not.toContain('\u001B[')
    tmux('send-keys', 'C-c')
    await until(() => text().includes('LEFT'))
    expect(text('-S', '-300')).toContain('THE END cancelled')
  },
  60_000,
)
