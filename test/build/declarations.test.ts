import { describe, expect, test } from 'vitest'
import { build } from '../../build/pipeline.ts'
import { SOUND, treeOf } from './trees.ts'

const arm = (channel: string, weight: number | string = 1) => `{channel: ${channel}, weight: ${weight}}`
const one = (arms: string, more = 'unit: a project') => `experiments: [{name: x, ${more}, arms: [${arms}]}]\n`
const BOTH = `${arm('main')}, ${arm('experiment-a')}`

const told = (path: string, text: string) =>
  build(treeOf({ ...SOUND, [path]: text })).diagnostics.filter((found) => found.path === path)

describe('build()', () => {
  test.each([
    ['channels.yaml', 'branches: [experiment/*, "team/*"]\n'],
    ['channels.yaml', 'branches: []\n'],
    ['experiments.yaml', one(BOTH)],
    ['experiments.yaml', one(BOTH, 'unit: a project, enabled: false')],
    ['experiments.yaml', 'experiments: []\n'],
  ])('takes %s: %j', (path, text) => {
    expect(told(path, text)).toEqual([])
  })

  test.each([
    ['channels.yaml', 'branch: [x]\n', 'validate/unknown-key', '"branches"'],
    ['channels.yaml', 'branches: x\n', 'validate/value', 'a list'],
    ['channels.yaml', 'branches: ["a b"]\n', 'validate/value', 'name of a branch'],
    ['experiments.yaml', one(BOTH, 'unti: a project'), 'validate/unknown-key', '"unit"'],
    ['experiments.yaml', one(`${arm('main', 0)}, ${arm('a')}`), 'validate/value', 'a weight above 0'],
    ['experiments.yaml', one(`${arm('main', -1)}, ${arm('a')}`), 'validate/value', 'a weight above 0'],
    ['experiments.yaml', one(`${arm('main', '.inf')}, ${arm('a')}`), 'validate/value', 'expected'],
    ['experiments.yaml', one(arm('main')), 'validate/value', '2 items or more'],
    ['experiments.yaml', one(`${arm('main')}, ${arm('main', 2)}`), 'validate/value', 'no other arm has'],
    ['experiments.yaml', one(`${arm('experiment/a')}, ${arm('main')}`), 'validate/value', 'a channel name'],
    ['experiments.yaml', one(BOTH, 'enabled: maybe, unit: x'), 'validate/value', 'true or false'],
    [
      'experiments.yaml',
      `${one(BOTH).slice(0, -2)}, {name: x, unit: u, arms: [${BOTH}]}]\n`,
      'validate/value',
      'no other',
    ],
    ['experiments.yaml', 'experiments: [\n', 'parse/yaml', ''],
  ])('refuses %s: %j with %s', (path, text, ...[code, wanted]) => {
    const [found] = told(path, text)
    expect(found).toMatchObject({ code, severity: 'error' })
    expect(found?.message).toContain(wanted)
  })

  test('serves nothing of what is declared', () => {
    const plain = build(treeOf(SOUND)).release?.id
    expect(build(treeOf({ ...SOUND, 'experiments.yaml': one(BOTH) })).release?.id).toBe(plain)
  })

  test.each(['experiment.yaml', 'experiments.yml', 'chanels.yaml'])(
    'tells what %s was meant to be',
    (path) => {
      expect(told(path, 'x: 1\n').map(({ code }) => code)).not.toEqual([])
    },
  )
})
