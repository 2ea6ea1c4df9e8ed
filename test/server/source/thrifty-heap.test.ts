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

test('keepHeapsThrifty() lets no thread hold much more than what lives in it', { timeout: 60_000 }, () => {
  const work = `
    import { getHeapStatistics } from 'node:v8'
    import { isMainThread, Worker } from 'node:worker_threads'
    import { keepHeapsThrifty } from '${HEAP}'
    if (isMainThread) {
      keepHeapsThrifty()
      new Worker(new URL(import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 16 } })
    } else {
      const kept = []
      let most = 0
      // 600 MB that outlive the young, a tenth of them at a time.
      for (let at = 0; at < 60; at++) {
        kept.push(Array.from({ length: 100_000 }, (_, nth) => ({ at, nth, half: nth / 2 })))
        if (kept.length > 6) kept.shift()
        most = Math.max(most, getHeapStatistics().total_heap_size)
      }
      console.log(most / 2 ** 20)
    }`
  const script = `data:text/javascript,${encodeURIComponent(work)}`
  const most = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', `import ${JSON.stringify(script)}`],
    { encoding: 'utf8' },
  )
  // A hundred or so; by itself more than two hundred.
  expect(Number(most)).toBeLessThan(175)
})
