import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const HEAP = new URL('../../../server/source/thrifty-heap.ts', import.meta.url).href

/** Bytes of room for what lives shortly, after a process has made much that does and kept some of it. */
function roomAfter(first: string): number {
  const work = `
    import { getHeapSpaceStatistics } from 'node:v8'
    const room = () => getHeapSpaceStatistics().find((one) => one.space_name === 'new_space').space_size
    ${first}
    const kept = []
    for (let at = 0; at < 3e6; at++) if (kept.push({ at, list: [at] }) > 50_000) kept.length = 0
    console.log(room())`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', work], { encoding: 'utf8' }))
}

test('keepHeapsThrifty() keeps the room for what lives shortly from growing', () => {
  const thrifty = roomAfter(`const { keepHeapsThrifty } = await import('${HEAP}'); keepHeapsThrifty()`)
  expect(thrifty * 2).toBeLessThanOrEqual(roomAfter(''))
})
