import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HAS_STRACE, publisher, tampered } from './child.ts'
import { releaseOf } from './release-of.ts'
import { scratch, served } from './stores.ts'

const CALLS = {
  open: 'openat',
  write: 'write,pwrite64,writev',
  fsync: 'fsync,fdatasync',
  rename: 'rename,renameat,renameat2',
  mkdir: 'mkdir,mkdirat',
}
const FAULTS = Object.entries(CALLS).flatMap(([call, names]) =>
  ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EROFS', 'EXDEV'].flatMap((error) =>
    ['1', '2', '1+'].map((when) => ({ call, names, error, when, label: `${call}-${error}-${when}` })),
  ),
)

function draftsOf(store: string): string[] {
  return Array.from({ length: 20 }, (_, at) => ['-P', join(store, 'drafts', 'now', String(at))]).flat()
}

// Skipped where strace is absent: nothing else makes a call to the kernel fail on demand.
test.skipIf(!HAS_STRACE)(
  'publish() answers every fault of the disk with its name, or with all on disk',
  { timeout: 120_000 },
  async () => {
    const store = scratch()
    const child = await publisher(store)
    await child.publish('dev', 'shared', 'first')
    const refused = new Map<string, number>()
    for (const { call, names, error, when, label } of FAULTS) {
      const last = await served(store, 'dev')
      const inject = ['-e', `trace=${names}`, '-e', `inject=${names}:error=${error}:when=${when}`]
      // The thread also writes where it is waited for: a fault there is none of the disk.
      if (call === 'write') inject.push(...draftsOf(store))
      const answer = await tampered({ pid: child.pid, thread: 'disk', inject }, () =>
        child.publish('dev', 'shared', label),
      )
      const now = await served(store, 'dev')
      const wanted = releaseOf('shared', label).id
      expect([`ok ${now.serial} ${wanted}`, `error ${error}`], label).toContain(answer)
      expect([last.release, wanted], label).toContain(now.release)
      expect(now.serial - last.serial, label).toBe(now.release === last.release ? 0 : 1)
      if (answer.startsWith('error')) refused.set(call, (refused.get(call) ?? 0) + 1)
      // Whatever went wrong, the next publication goes through.
      expect(await child.publish('dev', 'shared', `after-${label}`), label).toMatch(/^ok /)
    }
    // A folder that is there, or a file that need not be, may be without its call; a byte may not.
    for (const call of ['write', 'fsync', 'rename']) expect(refused.get(call), call).toBe(18)
    for (const call of ['open', 'mkdir']) expect(refused.get(call), call).toBeGreaterThanOrEqual(6)
  },
)
