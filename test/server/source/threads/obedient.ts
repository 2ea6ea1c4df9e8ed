/** A thread that does what it is asked, whatever that is. */
import { parentPort, threadId } from 'node:worker_threads'
import { CommandError, EXIT } from '../../../../schemas/cli.ts'
import { answerQuestions } from '../../../../server/source/answer.ts'

const hoard: unknown[] = []

const deeds: Readonly<Record<string, () => unknown>> = {
  name: () => threadId,
  refuse: () => {
    throw new CommandError('content/not-found', 'Cannot read "x"', { exit: EXIT.usage })
  },
  fail: () => {
    throw new TypeError('a bug')
  },
  crash: () => {
    setImmediate(() => {
      throw new Error('boom')
    })
    return new Promise(() => undefined)
  },
  leave: () => process.exit(3),
  hang: () => {
    for (;;) hoard.length = 0
  },
  eat: () => {
    for (;;) hoard.push(Array.from({ length: 1_000 }, (_, at) => ({ at })))
  },
  never: () => new Promise(() => undefined),
}

if (parentPort !== null) {
  const tell = answerQuestions<string, unknown, string>(parentPort, async (question) => {
    tell(`asked to ${question}`)
    return { answer: await deeds[question]?.(), transfer: [] }
  })
}
