import { createServer } from 'node:http'
import { afterAll, beforeAll } from 'vitest'
import { discover } from '../../build/discover.ts'
import { build } from '../../build/pipeline.ts'
import { withEncodings } from '../../build/publish.ts'
import type { Release } from '../../build/release.ts'
import type { Channel } from '../../server/channels/channel.ts'
import { openExperiments } from '../../server/experiments/experiments.ts'
import { createApp } from '../../server/http/app.ts'
import { servedRelease } from '../../server/store/served-release.ts'
import { pointerTo } from './pointer-to.ts'

const outcome = build(await discover(`${import.meta.dirname}/../fixtures/content-small`))
if (outcome.release === undefined) throw new Error('the fixture is not sound')

/** The release every channel of this file answers with. */
export const release: Release = outcome.release

const served = servedRelease(await withEncodings(release))
const named = (name: string) => ({ name, branch: null, diagnostics: [] })
const pointer = (channel: string) => pointerTo(release.id, { channel, serial: 3 })
const CHANNELS: readonly Channel[] = [
  { ...named('dev'), status: 'live', release: served, pointer: pointer('dev') },
  { ...named('old'), status: 'retired', release: served, pointer: pointer('old') },
  { ...named('torn'), status: 'stale', release: served, pointer: null },
  { ...named('bare'), status: 'empty' },
]

const channelNamed = (name: string) => CHANNELS.find((one) => one.name === name)

/** The experiments of this file; none until one is declared. */
export const experiments = openExperiments({ channel: channelNamed, onWarning: () => undefined })

/** What the app said is its own fault. */
export const bugs: unknown[] = []

/** The app on one port for a whole test file, with a channel in each status. */
export const server = createServer(
  createApp(
    {
      root: 'dev',
      channel: channelNamed,
      channels: () => CHANNELS,
      experiments,
      release: async (id) => (id === release.id ? served : undefined),
    },
    { onBug: (error) => void bugs.push(error) },
  ),
)

beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))
