import { expect, onTestFinished, test } from 'vitest'
import { openThread, ThreadEndedError, type ThreadOptions } from '../../../server/source/thread.ts'

function obedient(options: Partial<ThreadOptions<string>> = {}) {
  const told: string[] = []
  const deaths: string[] = []
  const thread = openThread<string, unknown, string>({
    script: new URL('./threads/obedient.ts', import.meta.url),
    data: undefined,
    onTold: (word) => void told.push(word),
    onDeath: ({ message }) => void deaths.push(message),
    signal: new AbortController().signal,
    ...options,
  })
  onTestFinished(thread.close)
  return { ...thread, told, deaths }
}

test('openThread() answers, tells, and passes refusals and bugs on as what they are', async () => {
  const { ask, told, deaths } = obedient()
  const first = await ask('name')
  expect(first).toEqual(expect.any(Number))
  await expect(ask('refuse')).rejects.toMatchObject({
    name: 'CommandError',
    code: 'content/not-found',
    exit: 2,
  })
  await expect(ask('fail')).rejects.toThrow('a bug')
  expect(await ask('name')).toBe(first)
  expect([told[0], deaths]).toEqual(['asked to name', []])
})

test.each([
  ['crash', {}, 'it crashed: boom'],
  ['leave', {}, 'it ended early'],
  ['hang', { silenceMs: 2_500 }, 'it said nothing for 2.5 s'],
  ['eat', { memoryMb: 48 }, 'it ran out of memory'],
] as const)('openThread() replaces a thread that dies of "%s", and tells why', async (deed, limits, why) => {
  const { ask, deaths } = obedient(limits)
  const first = deed === 'hang' ? 0 : await ask('name')
  const waiting = ask('never').catch((error: unknown) => error)
  await expect(ask(deed)).rejects.toThrow(new ThreadEndedError(why))
  expect(await waiting).toBeInstanceOf(ThreadEndedError)
  expect(deaths).toEqual([why])
  expect(await ask('name')).not.toBe(first)
})

test('openThread() lets a thread go that has nothing to do and may, and starts another when it is asked again', async () => {
  const { ask, deaths } = obedient({ restMs: 50, mayGo: () => true })
  const busy = ask('never').catch(() => 'closed')
  const first = await ask('name')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await ask('name')).toBe(first)
  const calm = obedient({ restMs: 50, mayGo: () => true })
  const before = await calm.ask('name')
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await calm.ask('name')).not.toBe(before)
  expect([...deaths, ...calm.deaths]).toEqual([])
  void busy
})

test('openThread() keeps a thread that is slow but gives signs of life', async () => {
  const { ask, deaths } = obedient({ silenceMs: 2_500 })
  const never = ask('never').catch(() => 'closed')
  await new Promise((resolve) => setTimeout(resolve, 3_500))
  expect([await ask('name'), deaths]).toEqual([expect.any(Number), []])
  void never
})

test('openThread() answers with the reason of its signal once that aborts, and with its end once it is closed', async () => {
  const interrupt = new AbortController()
  const interrupted = obedient({ signal: interrupt.signal })
  const waiting = interrupted.ask('never')
  interrupt.abort(new Error('SIGINT'))
  await expect(waiting).rejects.toThrow('SIGINT')
  await expect(interrupted.ask('name')).rejects.toThrow('SIGINT')
  const closed = obedient()
  const left = closed.ask('never')
  const rejected = expect(left).rejects.toThrow('it was closed')
  await closed.close()
  await rejected
  expect(closed.deaths).toEqual([])
})
