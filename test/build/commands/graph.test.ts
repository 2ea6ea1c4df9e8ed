import { expect, test } from 'vitest'
import { FIXTURES, mill, SMALL, scratch } from './mill.ts'

test('mill graph draws a flow in every format', async () => {
  const dir = scratch()
  const args = ['graph', 'hello', '--content', SMALL, '--format']
  const ascii = await mill(dir, ...args, 'ascii')
  expect(ascii.out).toMatch(/^hello\n\nwave 1\n {2}\* seed \(seed\)\n/)
  expect(ascii.out).toContain('longest path: seed → greet → note → report (4 tasks)')
  expect((await mill(dir, ...args, 'mermaid')).out).toMatch(/^flowchart TD\n {2}%% hello\n/)
  expect((await mill(dir, ...args, 'svg')).out).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
})

test('mill graph refuses a flow that is not there, two flows in one picture, and tells errors', async () => {
  const dir = scratch()
  const unknown = await mill(dir, 'graph', 'helo', '--content', SMALL)
  expect(unknown.error).toMatchObject({
    code: 'graph/unknown-flow',
    exit: 2,
    message: expect.stringContaining('hello'),
  })
  const two = await mill(dir, 'graph', '--content', `${FIXTURES}/../../content`, '--format', 'svg')
  expect(two.error).toMatchObject({ code: 'graph/one-flow', exit: 2 })
  const broken = await mill(dir, 'graph', '--content', `${FIXTURES}/broken/unknown-tool`)
  expect(broken.code).toBe(1)
  expect(broken.err).toContain('validate/value')
})
