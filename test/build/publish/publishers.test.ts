import { expect, test } from 'vitest'
import { readChannel } from '../../../build/publish/channel-state.ts'
import { times } from '../../times.ts'
import { publisher } from './child.ts'
import { scratch, served } from './stores.ts'

const EACH = times(25, 200)
const PUBLISHERS = 4

test(`publish() by ${PUBLISHERS} processes gives ${PUBLISHERS * EACH} publications as many serials, each once`, {
  timeout: 570_000,
}, async () => {
  const store = scratch()
  const children = await Promise.all(Array.from({ length: PUBLISHERS }, () => publisher(store)))
  await Promise.all(
    children.map(async (child, who) => {
      for (let at = 0; at < EACH; at += 1) await child.publish('dev', 'shared', `by-${who}-${at}`)
    }),
  )
  const acknowledged = children.flatMap((child) => child.acknowledged())
  const serials = acknowledged.map(({ serial }) => serial).sort((a, b) => a - b)
  expect(serials).toEqual(Array.from({ length: PUBLISHERS * EACH }, (_, at) => at + 1))
  const last = acknowledged.find(({ serial }) => serial === PUBLISHERS * EACH)
  expect(await served(store, 'dev')).toEqual(last)
  const { record } = await readChannel(store, 'dev')
  for (const { serial, release } of record.entries) expect(acknowledged).toContainEqual({ serial, release })
})
