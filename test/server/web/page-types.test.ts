import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')

test('the types of the page hold, in a project of its own since only the page has a document', async () => {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  const checked = promisify(execFile)(process.execPath, [tsc, '--noEmit', '-p', 'server/web/page'], {
    cwd: ROOT,
  })
  const complaints = await checked.then(
    () => '',
    ({ stdout }: { readonly stdout: string }) => stdout,
  )
  // What is wrong elsewhere is told by the check of the whole.
  expect(complaints.split('\n').filter((line) => line.startsWith('server/web/page/'))).toEqual([])
}, 60_000)
