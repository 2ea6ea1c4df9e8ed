import { expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { openBoard } from '../../../server/channels/board.ts'
import { devChannel } from '../../../server/channels/dev-channel.ts'
import { ThreadEndedError } from '../../../server/source/thread.ts'
import type { WorkTree } from '../../../server/source/work-tree.ts'
import { openStore } from '../../../server/store/store.ts'
import { makeHere } from '../make-here.ts'
import { contentFolder, scratch } from '../scratch.ts'

test('devChannel() goes on with the last good release when a build kills its thread, and says so', async () => {
  const content = contentFolder()
  const store = await openStore({ dir: scratch(), content, docsFrom: null, now: () => new Date() })
  const board = openBoard({ load: store.load, onChange: () => undefined })
  const makes: WorkTree['make'][] = [
    makeHere(() => discover(content)),
    () => Promise.reject(new ThreadEndedError('it ran out of memory')),
    () => Promise.reject(new TypeError('a bug')),
    async () => undefined,
  ]
  const refresh = devChannel({ board, store, make: (wish) => makes[0]?.(wish) ?? Promise.resolve(undefined) })
  expect(await refresh()).toBe(true)
  const good = board.channel('dev')
  expect(good?.status).toBe('live')
  makes.shift()
  expect(await refresh()).toBe(true)
  expect(board.channel('dev')).toMatchObject({
    status: 'stale',
    release: { id: good?.status === 'live' ? good.release.id : '' },
    diagnostics: [{ code: 'build/died', message: expect.stringContaining('it ran out of memory') }],
  })
  makes.shift()
  await expect(refresh()).rejects.toThrow('a bug')
  makes.shift()
  expect(await refresh()).toBe(false)
})
