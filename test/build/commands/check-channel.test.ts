import { expect, test } from 'vitest'
import { mill, withContent, write } from './mill.ts'

test('mill check --channel --write-baseline lists no tool beyond the ceiling among the old findings', async () => {
  const dir = withContent()
  write(dir, { 'content/ceiling.yaml': 'channels: {"*": {tools: []}}\n' })
  const { out, err, code } = await mill(dir, 'check', '--channel', 'experiment-x', '--write-baseline')
  expect(out).toContain('ceiling/tool')
  expect(code).toBe(1)
  expect(err).toContain('content.baseline.json is not needed now\n')
})
