import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { bin } from './mill.ts'

const pretend = (node: string) =>
  `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${node}'}})`

test.each(['20.20.2', '22.17.9'])('mill under Node %s says what it needs, and no more', (node) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', pretend(node), bin, '--version'],
    {
      encoding: 'utf8',
    },
  )
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(
    new RegExp(`^error cli/node: Cannot run with Node ${node}, expected 22\\.18 or later.*\\n$`),
  )
})

test('mill under Node 22.18.0 runs', () => {
  const args = ['--import', pretend('22.18.0'), bin, '--version']
  expect(spawnSync(process.execPath, args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})
