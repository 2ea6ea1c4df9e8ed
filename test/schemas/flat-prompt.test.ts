import { describe, expect, test } from 'vitest'
import { type AgentFrontmatter, EFFORTS, TOOLS } from '../../schemas/agent-prompt.ts'
import { flatProblem, formatPrompt, parsePrompt } from '../../schemas/flat-prompt.ts'
import { fc } from '../properties.ts'

const name = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,12}$/)
const model = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}$/)
const label = fc.string({ minLength: 1, maxLength: 80 }).filter((text) => flatProblem(text) === undefined)
const effort = fc.constantFrom(...EFFORTS)
const tools = fc.uniqueArray(fc.constantFrom(...TOOLS))
const frontmatter = fc.record(
  {
    type: name,
    flow: name,
    label,
    seed: fc.boolean(),
    sink: fc.boolean(),
    runnerSeeded: fc.boolean(),
    model,
    model_pi: model,
    model_sdk: model,
    effort,
    effort_pi: effort,
    effort_sdk: effort,
    skills: fc.array(name),
    allowedTools: tools,
    disallowedTools: tools,
    dependsOn: fc.array(name),
    timeout: fc.constantFrom('90s', '10m', '1h'),
    maxTurns: fc.integer({ min: 1, max: 1000 }),
    maxUsd: fc.double({ min: 0, minExcluded: true, max: 1000, noNaN: true }),
  },
  { requiredKeys: ['type', 'flow'] },
) as fc.Arbitrary<AgentFrontmatter>
const body = fc.string({ minLength: 1, unit: 'grapheme' })

const SOURCE =
  '---\ntype: task\nflow: demo # the flow\n\n# a remark\nseed: true\nskills: [a, b]\n---\nDo it.\n'

describe('parsePrompt()', () => {
  test('reads what formatPrompt() writes, to the last character', () => {
    fc.assert(
      fc.property(frontmatter, body, (written, text) => {
        const lists = { skills: [], allowedTools: [], disallowedTools: [], dependsOn: [] }
        expect(parsePrompt(formatPrompt(written, text))).toEqual({ ...lists, ...written, body: text })
      }),
      { numRuns: 500 },
    )
  })

  test('strips comments, skips empty lines, and never leaves a list out', () => {
    const lists = { skills: ['a', 'b'], allowedTools: [], disallowedTools: [], dependsOn: [] }
    expect(parsePrompt(SOURCE)).toEqual({
      type: 'task',
      flow: 'demo',
      seed: true,
      ...lists,
      body: 'Do it.\n',
    })
  })

  test('takes nothing but `true` for true, and ignores keys of a later version', () => {
    const text = SOURCE.replace('seed: true', 'seed: True\nlater: x')
    expect(parsePrompt(text)).toMatchObject({ seed: false })
  })

  test.each([
    ['type: task\n---\n', 'line 1'],
    ['---\ntype: task\nDo it.\n', 'line 1'],
    [SOURCE.replace('seed: true', 'seed'), 'line 6'],
    [SOURCE.replace('[a, b]', '\n  - a'), 'line 7'],
    [SOURCE.replace('skills', 'type'), 'line 7'],
    [SOURCE.replace('[a, b]', '[a, B!]'), 'line 7'],
    [SOURCE.replace('flow: demo', 'flow: "demo"'), 'line 3'],
    [SOURCE.replace('seed: true', 'maxTurns: many'), 'line 6'],
  ])('names the line it cannot read: %j', (text, line) => {
    expect(() => parsePrompt(text)).toThrow(SyntaxError)
    expect(() => parsePrompt(text)).toThrow(line)
  })
})

describe('flatProblem()', () => {
  test.each(['Fix #1 and #2', '# x', '"a"', "a'", '[a]', 'a\nb', ' a', ''])('refuses %j', (value) => {
    expect(flatProblem(value)).toBeTypeOf('string')
  })

  test.each(["Don't panic", 'C#', 'a: b', 'a, b', 'x [y]', 'issue#4'])('accepts %j', (value) => {
    expect(flatProblem(value)).toBeUndefined()
    const prompt = formatPrompt({ type: 'a', flow: 'b', label: value }, 'x')
    expect(parsePrompt(prompt).label).toBe(value)
  })
})
