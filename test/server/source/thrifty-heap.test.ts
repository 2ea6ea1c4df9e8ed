import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const HEAP = new URL('../../../server/source/thrifty-heap.ts', import.meta.url).href

test('keepHeapsThrifty() keeps the room for what lives shortly small, however much is made', () => {
  const work = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { keepHeapsThrifty } from '${HEAP}'
    const room = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size
    keepHeapsThrifty()
    const before = room()
    const kept = []
    for (let at = 0; at < 3e6; at++) if (kept.push({ at, list: [at] }) > 50_000) kept.length = 0
    console.log(room() / before)`
  const growth = execFileSync(process.execPath, ['--input-type=module', '-e', work], { encoding: 'utf8' })
  // By itself it grows sixty-fourfold.
  expect(Number(growth)).toBeLessThan(16)
})
