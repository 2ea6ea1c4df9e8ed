import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { journalOn, openJournal } from '../../../client/queue/journal.ts'
import { encodeLines, replay } from '../../../client/queue/journal-lines.ts'
import { apply, emptyQueue } from '../../../client/queue/queue.ts'
import type { RunEvent } from '../../../schemas/run-event.ts'
import { fc } from '../../properties.ts'
import { done, enqueued, scratch, started } from '../scripted.ts'

let dir: ReturnType<typeof scratch>
let file: string
beforeEach(() => {
  dir = scratch()
  file = join(dir.path, 'audit.jsonl')
})
afterEach(() => dir[Symbol.dispose]())

const story: RunEvent[] = [enqueued(1), enqueued(2, [1], { label: 'Zwölf, "crc":"deadbeef"}' }), ...done(1)]

async function write(events: readonly RunEvent[]): Promise<void> {
  const journal = await openJournal(file)
  for (const event of events) await journal.append([event])
  await journal.close()
}

async function read(): Promise<readonly RunEvent[]> {
  const journal = await openJournal(file)
  await journal.close()
  return journal.events
}

describe('openJournal()', () => {
  test('gives back what was appended, one plain line each', async () => {
    await write(story)
    expect(await read()).toEqual(story)
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).e)).toEqual(story.map(({ e }) => e))
    await write(done(2))
    expect(await read()).toEqual([...story, ...done(2)])
  })

  test('cuts off a torn tail and goes on from there', async () => {
    await write(story)
    const whole = readFileSync(file)
    const second = whole.indexOf(10) + 1
    for (const length of [0, 7, second - 1, second, second + 1, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length))
      const kept = whole.subarray(0, length).toString('latin1').split('\n').length - 1
      expect(await read()).toEqual(story.slice(0, kept))
      await write(story.slice(kept))
      expect(readFileSync(file).equals(whole)).toBe(true)
    }
  })

  test('counts what was synced together as a whole or not at all', async () => {
    const journal = await openJournal(file)
    await Promise.all([journal.append([enqueued(1), enqueued(2)]), journal.append([enqueued(3)])])
    await journal.append([started(1)])
    await journal.close()
    const whole = readFileSync(file)
    const ends = [...whole.keys()].filter((at) => whole[at] === 10).map((at) => at + 1)
    for (let length = 0; length <= whole.length; length++) {
      const { events, length: kept } = replay(whole.subarray(0, length), file)
      expect(events).toHaveLength(length < (ends[2] ?? 0) ? 0 : length < whole.length ? 3 : 4)
      expect([0, ends[2], ends[3]]).toContain(kept)
    }
  })

  test('takes empty pages for what they are in the last write, and for damage anywhere before it', async () => {
    await write([enqueued(1), enqueued(2), enqueued(3)])
    const whole = readFileSync(file)
    const ends = [...whole.keys()].filter((at) => whole[at] === 10)
    const [first = 0, second = 0, third = 0] = ends
    const emptied = (from: number, to: number): Buffer => Buffer.from(whole).fill(0, from, to)
    expect(replay(emptied(second + 9, third - 9), file)).toMatchObject({ length: second + 1 })
    expect(replay(emptied(second + 1, third + 1), file).events).toHaveLength(2)
    expect(() => replay(emptied(first + 9, second - 9), file)).toThrow('line 2')
    expect(() => replay(emptied(9, 20), file)).toThrow('line 1')
  })

  test('is not deceived by any bit that flips', async () => {
    await write([...story, ...story.slice(2).map((event) => ({ ...event, id: 't2' }) as RunEvent)])
    const whole = readFileSync(file)
    const check = fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
      expect(() => replay(flipped, file)).toThrow(expect.objectContaining({ code: 'run/journal-corrupt' }))
    })
    fc.assert(check, { numRuns: 400, examples: [[whole.length - 1, 0]] })
  })

  test('refuses a line that was changed, taken out, put in or moved, and names it', async () => {
    await write(story)
    const whole = readFileSync(file)
    const lines = whole.toString('utf8').trimEnd().split('\n')
    const refuse = async (bytes: Buffer | string, line: number): Promise<void> => {
      writeFileSync(file, bytes)
      const error = await openJournal(file).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'run/journal-corrupt' })
      expect(String(error)).toContain(`line ${line} of "${file}"`)
      expect(readFileSync(file).equals(Buffer.from(bytes))).toBe(true)
    }
    const joined = (parts: readonly (string | undefined)[]): string => `${parts.join('\n')}\n`
    await refuse(joined([lines[0], ...lines.slice(2)]), 2)
    await refuse(joined([lines[0], lines[0], ...lines.slice(1)]), 2)
    await refuse(joined([lines[0], '', ...lines.slice(1)]), 2)
    await refuse(joined([lines[1], lines[0], ...lines.slice(2)]), 1)
    const second = whole.indexOf(10) + 1
    for (let at = second; at < second + 80; at++) {
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ 1
      await refuse(flipped, 2)
    }
  })

  test('refuses a line that is whole but no event', async () => {
    writeFileSync(file, encodeLines([{ e: 'nonsense' } as never], 0).text)
    await expect(openJournal(file)).rejects.toMatchObject({ code: 'run/journal-corrupt' })
  })

  test('reads a copy as it reads the original', async () => {
    await write(story)
    const copy = join(dir.path, 'copy.jsonl')
    copyFileSync(file, copy)
    appendFileSync(copy, '{"e":"task-st')
    const journal = await openJournal(copy)
    await journal.close()
    expect(journal.events.reduce(apply, emptyQueue).counts).toMatchObject({ done: 1, pending: 1 })
  })
})

/** A file whose syncs finish when the test says so. */
function slowFile() {
  const log: string[] = []
  const syncs: PromiseWithResolvers<void>[] = []
  return {
    log,
    syncs,
    file: {
      append: async (text: string) => void log.push(`append ${text.split('\n').length - 1}`),
      sync: () => {
        log.push('sync')
        const gate = Promise.withResolvers<void>()
        syncs.push(gate)
        return gate.promise
      },
      close: async () => void log.push('close'),
    },
  }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('journalOn()', () => {
  test('resolves an append only after its sync, and lets those that wait share the next one', async () => {
    const slow = slowFile()
    const journal = journalOn(slow.file, { crc: 0, name: 'x' })
    const settled: number[] = []
    const append = (number: number): Promise<void> =>
      journal.append([enqueued(number)]).then(() => void settled.push(number))
    const first = [append(1), append(2)]
    await turn()
    expect(slow.log).toEqual(['append 2', 'sync'])
    const second = [append(3), append(4), append(5)]
    await turn()
    expect(settled).toEqual([])
    slow.syncs[0]?.resolve()
    await Promise.all(first)
    expect(settled).toEqual([1, 2])
    await turn()
    expect(slow.log).toEqual(['append 2', 'sync', 'append 3', 'sync'])
    slow.syncs[1]?.resolve()
    await Promise.all(second)
    expect(settled).toEqual([1, 2, 3, 4, 5])
  })

  test('lets what is not urgent wait for company, but not for long, and not beyond the end', async () => {
    const slow = slowFile()
    const journal = journalOn(slow.file, { crc: 0, name: 'x' })
    const settled: string[] = []
    const append = (number: number, urgency: 'now' | 'soon') =>
      journal.append([enqueued(number)], urgency).then(() => settled.push(urgency))
    const both = [append(1, 'soon')]
    await turn()
    expect(slow.log).toEqual([])
    both.push(append(2, 'now'))
    await turn()
    expect(slow.log).toEqual(['append 2', 'sync'])
    slow.syncs[0]?.resolve()
    await Promise.all(both)
    expect(settled).toEqual(['soon', 'now'])
    void append(3, 'soon')
    await expect.poll(() => slow.log.length).toBe(4)
    slow.syncs[1]?.resolve()
    await turn()
    void append(4, 'soon')
    const closed = journal.close()
    await turn()
    slow.syncs[2]?.resolve()
    await closed
    expect(slow.log.slice(4)).toEqual(['append 1', 'sync', 'close'])
  })

  test('refuses everything once a write or a sync has failed', async () => {
    const slow = slowFile()
    const journal = journalOn(slow.file, { crc: 0, name: 'audit.jsonl' })
    const first = journal.append([enqueued(1)])
    await turn()
    const second = journal.append([enqueued(2)])
    slow.syncs[0]?.reject(new Error('ENOSPC'))
    const refusal = { code: 'run/journal-unwritable', message: expect.stringContaining('ENOSPC') }
    await expect(first).rejects.toMatchObject(refusal)
    await expect(second).rejects.toMatchObject(refusal)
    await expect(journal.append([enqueued(3)])).rejects.toMatchObject(refusal)
    expect(slow.log).toEqual(['append 1', 'sync'])
  })
})

describe('a journal whose disk fails', () => {
  test('says so once its file was deleted, and acknowledges nothing more', async () => {
    const journal = await openJournal(file)
    await journal.append([enqueued(1)])
    rmSync(dir.path, { recursive: true })
    await expect(journal.append([enqueued(2)])).rejects.toMatchObject({
      code: 'run/journal-unwritable',
      message: expect.stringContaining('it was deleted'),
    })
    await journal.close()
  })
})
