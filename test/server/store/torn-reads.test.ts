import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openBoard } from '../../../server/channels/board.ts'
import { live } from '../../../server/channels/channel.ts'
import { openExperiments } from '../../../server/experiments/experiments.ts'
import { createApp } from '../../../server/http/app.ts'
import { listen } from '../../../server/http/listen.ts'
import { openStore } from '../../../server/store/store.ts'
import { releaseOf } from '../../build/publish/release-of.ts'
import { times } from '../../times.ts'
import { scratch } from '../scratch.ts'

const PUBLISHES = times(100, 1_000)
const FETCHES = times(1_000, 100_000)
const ARTIFACTS = 4

test(`a process that fetches never sees two releases at once while ${PUBLISHES} are published`, {
  timeout: 570_000,
}, async () => {
  const store = await openStore({ dir: scratch(), content: '/', docsFrom: null, now: () => new Date() })
  const board = openBoard({ load: store.load, onChange: () => undefined })
  const published = new Set<string>()
  const publish = async (at: number) => {
    // Every artifact is another one each time, so a mixture cannot go unseen.
    const release = releaseOf(
      ...Array.from({ length: ARTIFACTS }, (_, one) => `publication ${at}, part ${one}`),
    )
    const answered = await store.publish(release, { channel: 'dev', commit: null, ceiling: null })
    published.add(release.id)
    board.swap(live({ name: 'dev', branch: null, diagnostics: [] }, answered))
  }
  await publish(0)
  const bugs: unknown[] = []
  const experiments = openExperiments({ channel: board.channel, onWarning: () => undefined })
  const app = createApp({ ...board, root: 'dev', experiments }, { onBug: (error) => void bugs.push(error) })
  const server = await listen(app, 0)
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./fetcher.ts', import.meta.url)), `http://localhost:${server.port}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const seen = new Set<string>()
  const faults: string[] = []
  let fetches = 0
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, count, release = '', fault = ''] = /^(\d+) (\w+) (.*)$/.exec(line) ?? []
    fetches += Number(count)
    seen.add(release)
    if (fault !== '' || !published.has(release)) faults.push(line)
  })
  try {
    await once(child.stdout, 'data')
    for (let at = 1; at <= PUBLISHES || fetches < FETCHES; at += 1) await publish(at)
  } finally {
    child.kill('SIGKILL')
    await server.close()
  }
  expect(faults).toEqual([])
  expect(bugs).toEqual([])
  expect(fetches).toBeGreaterThanOrEqual(FETCHES)
  expect(seen.size).toBeGreaterThan(10)
})
