/**
 * A process that publishes what it is told, line by line: `node publisher.ts <store>`, then `<channel> <word> …`.
 * Each line is answered by `ok <serial> <release>` when all is on disk, or by `error <code>`.
 */
import { createInterface } from 'node:readline'
import { openObjects } from '../../../build/publish/objects.ts'
import { publish } from '../../../build/publish.ts'
import { releaseOf } from './release-of.ts'

const [store = ''] = process.argv.slice(2)
const objects = openObjects(store)
process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const [channel = '', ...words] = line.split(' ')
  const options = {
    store,
    release: releaseOf(...words),
    channel,
    commit: null,
    now: () => new Date(),
    objects,
  }
  const answer = await publish(options).then(
    ({ pointer }) => `ok ${pointer.serial} ${pointer.release}`,
    (error: NodeJS.ErrnoException) => `error ${error.code ?? error.message}`,
  )
  process.stdout.write(`${answer}\n`)
}
