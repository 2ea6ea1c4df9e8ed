/** A child that publishes two releases in turn for ever, and says so after each: `node publish-loop.ts <store>`. */
import { build } from '../../build/pipeline.ts'
import { publish } from '../../build/publish.ts'
import { SOUND, TASK, treeOf } from './trees.ts'

const [store = ''] = process.argv.slice(2)
for (let at = 0; ; at++) {
  const task = TASK.replace('Do it.', `Do it, number ${process.pid}-${at}. ${'Words. '.repeat(500)}`)
  const { release } = build(treeOf({ ...SOUND, 'agents/demo/task.md': task }))
  if (release === undefined) throw new Error('the tree is not sound')
  const { pointer } = await publish({ store, release, channel: 'dev', commit: null, now: () => new Date() })
  process.stdout.write(`${pointer.serial} ${pointer.release}\n`)
}
