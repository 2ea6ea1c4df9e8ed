import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { wallClock } from '../../../client/clock.ts'
import type { Asker, Question } from '../../../client/tools/ask/asker.ts'
import { questions } from '../../../client/tools/ask/questions.ts'
import { terminalAsker } from '../../../client/tools/ask/terminal-asker.ts'
import { askUser } from '../../../client/tools/ask-user.ts'
import { givenValues } from '../../../client/tools/env/given-values.ts'

const never = new AbortController().signal
const given = () => givenValues(new Map())

function tool(
  asker: Asker | undefined,
  more: { timeoutMs?: number; values?: ReturnType<typeof given> } = {},
) {
  const outcomes: string[] = []
  const offered = askUser(
    {
      questions: questions({ asker, timeoutMs: more.timeoutMs ?? 5000, clock: wallClock }),
      given: more.values ?? given(),
      onQuestion: (outcome) => void outcomes.push(outcome),
    },
    { by: 't1', label: 'Work' },
  )
  return {
    outcomes,
    ask: (input: object, signal = never) => offered.run({ question: 'May I?', ...input }, signal),
  }
}
const answering = (answer: string | undefined): Asker => ({ ask: async () => answer })

describe('ask_user', () => {
  test('answers with what the person said, and its course is told without a text', async () => {
    const { ask, outcomes } = tool(answering(' yes '))
    expect(await ask({})).toBe('The person answered: yes')
    expect(outcomes).toEqual(['asked', 'answered'])
  })

  test.each([
    ['nobody-there', undefined],
    ['declined', answering(undefined)],
    ['declined', answering('  ')],
    ['nobody-there', { ask: () => Promise.reject(new Error('the screen is gone')) }],
    ['no-answer', { ask: () => new Promise<undefined>(() => undefined) }],
  ] as const)(
    'is declined (%s) unless the person answers, whatever the agent suggests',
    async (outcome, asker) => {
      const { ask, outcomes } = tool(asker, { timeoutMs: 30 })
      expect(await ask({ default: 'yes' })).toMatch(/declined/)
      expect(outcomes).toEqual(['asked', outcome])
    },
  )

  test('tells the asker to give up when time is over, or when the attempt is', async () => {
    const gaveUp: boolean[] = []
    const asker: Asker = {
      ask: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            gaveUp.push(true)
            resolve('too late')
          })
        }),
    }
    expect(await tool(asker, { timeoutMs: 20 }).ask({})).toMatch(/No answer came in time/)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 20)
    expect(await tool(asker).ask({}, stop.signal)).toMatch(/declined/)
    expect(gaveUp).toEqual([true, true])
  })

  test('keeps an environment value for set_env_values and does not show it', async () => {
    const values = given()
    const { ask } = tool(answering('phc_secret'), { values })
    expect(await ask({ keepAs: 'API_KEY' })).not.toContain('phc_secret')
    expect(values.get('API_KEY')).toBe('phc_secret')
    expect(await tool(answering('phc$secret'), { values }).ask({ keepAs: 'OTHER' })).toMatch(/cannot be kept/)
    expect(values.has('OTHER')).toBe(false)
  })

  test('takes none but the options, and no suggestion beside them', async () => {
    const options = ['a', 'b']
    expect(await tool(answering('b')).ask({ options })).toBe('The person answered: b')
    expect(await tool(answering('c')).ask({ options })).toMatch(/declined/)
    await expect(tool(answering('a')).ask({ options, default: 'c' })).rejects.toThrow(
      'expected one of the options',
    )
    await expect(tool(answering('a')).ask({ keepAs: 'NODE_OPTIONS' })).rejects.toThrow('keepAs')
  })

  test('ends after three questions of one attempt', async () => {
    const { ask, outcomes } = tool(answering('yes'))
    for (const _ of [1, 2, 3]) await ask({})
    await expect(ask({})).rejects.toThrow('Cannot ask again')
    expect(outcomes).toHaveLength(6)
  })
})

describe('questions()', () => {
  test('puts one at a time, each with the whole of its time', async () => {
    let open = 0
    let most = 0
    const asker: Asker = {
      ask: async ({ question }) => {
        open += 1
        most = Math.max(most, open)
        await new Promise((resolve) => setTimeout(resolve, 40))
        open -= 1
        return question
      },
    }
    const put = questions({ asker, timeoutMs: 1000, clock: wallClock })
    const asked = ['one', 'two', 'three'].map((question) =>
      put({ by: 't1', label: 'l', question, options: [] }, never),
    )
    expect((await Promise.all(asked)).map((answer) => 'text' in answer && answer.text)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(most).toBe(1)
  })
})

describe('terminalAsker()', () => {
  const question: Question = {
    ...{ by: 't1', label: 'Work', question: 'Which?\u001b[2J\nreally', options: [], timeoutMs: 60_000 },
  }
  async function typed(lines: string, more: Partial<Question> = {}) {
    const input = new PassThrough()
    const output = new PassThrough()
    const asker = terminalAsker({ input, output, onInterrupt: () => undefined })
    const left = lines.split(/(?<=\n)/)
    let shown = ''
    output.on('data', (chunk) => {
      shown += chunk
      if (shown.endsWith('> ')) input.write(left.shift() ?? '\n')
    })
    const answer = await asker.ask({ ...question, ...more }, AbortSignal.timeout(1000))
    return { answer, shown }
  }

  test('shows the question as text alone, and reads a line', async () => {
    const { answer, shown } = await typed('blue\n')
    expect(answer).toBe('blue')
    expect(shown).toContain('? t1 (Work) asks: Which? really\n')
    expect(shown).not.toContain('\u001b')
    expect(shown).toContain('Enter declines; the agent reads your answer; 60 s')
  })

  test.each([
    ['\n', {}, undefined],
    ['-\n', { suggestion: 'a' }, undefined],
    ['\n', { suggestion: 'a' }, 'a'],
    ['2\n', { options: ['a', 'b'] }, 'b'],
    ['b\n', { options: ['a', 'b'] }, 'b'],
    ['7\nc\n1\n', { options: ['a', 'b'] }, 'a'],
    ['-\n', { options: ['a', 'b'] }, undefined],
  ] as const)('understands %j of %j', async (lines, more, answer) => {
    expect((await typed(lines, more)).answer).toBe(answer)
  })

  test('gives up when it is told to, and lets go of the input', async () => {
    const input = new PassThrough()
    const stop = new AbortController()
    const answer = terminalAsker({ input, output: new PassThrough(), onInterrupt: () => undefined }).ask(
      question,
      stop.signal,
    )
    stop.abort()
    expect(await answer).toBeUndefined()
    expect(input.isPaused()).toBe(true)
  })
})
