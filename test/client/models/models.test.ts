import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { HarnessModels } from '../../../client/harness/harness.ts'
import { costAt, sumOf } from '../../../client/models/cost.ts'
import { type ModelChoice, modelPolicy } from '../../../client/models/model-policy.ts'
import { readModelsFile } from '../../../client/models/models-file.ts'
import type { ModelsFile } from '../../../schemas/models.ts'

const november = Date.parse('2026-11-21T12:00:00Z')
const usage = (model: string, more = {}) => ({
  model,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  ...more,
})

describe('costAt()', () => {
  const cost = costAt({ at: november })
  test('prices each kind of token for a million of them', () => {
    const all = { input: 1e6, output: 1e6, cacheRead: 1e6, cacheWrite: 1e6 }
    expect(cost(usage('claude-opus-5', all))).toBeCloseTo(5 + 25 + 0.5 + 6.25)
  })
  test('takes the price of the day, and the rates above a long prompt', () => {
    const cached = usage('claude-sonnet-5-5', { cacheRead: 1e6 })
    expect(cost(cached)).toBeCloseTo(0.1)
    expect(costAt({ at: Date.parse('2026-10-06') })(cached)).toBeCloseTo(0.2)
    expect(cost(usage('claude-haiku-5-5', { input: 100_000 }))).toBeCloseTo(0.01)
    expect(cost(usage('claude-haiku-5-5', { input: 100_001 }))).toBeCloseTo(0.0500005)
  })
  test('knows a model by the name without its provider and its day', () => {
    expect(cost(usage('claude-haiku-4-5-20251001', { input: 1e6 }))).toBe(1)
    expect(cost(usage('openai/gpt-5.6-luna', { output: 1e6 }))).toBe(1.2)
  })
  test('does not invent what it does not know', () => {
    expect(cost(usage('mystery-9', { input: 1 }))).toBeUndefined()
    expect(cost(usage('gpt-5-nano', { input: 1, cacheRead: 1 }))).toBeUndefined()
    expect(sumOf([usage('claude-opus-5'), usage('mystery-9')], cost)).toBeUndefined()
    expect(sumOf([], cost)).toBe(0)
  })
  test('asks given prices first', () => {
    const prices = [
      { model: 'claude-opus-5', input: 1, output: 1, source: 'contract', checkedOn: '2026-11-01' },
      { model: 'llama', input: 0, output: 0, source: 'our own machine', checkedOn: '2026-11-01' },
    ]
    const ours = costAt({ at: november, prices })
    expect(ours(usage('claude-opus-5', { input: 2e6 }))).toBe(2)
    expect(ours(usage('llama', { input: 2e6 }))).toBe(0)
  })
})

describe('modelPolicy()', () => {
  const named: HarnessModels = { kind: 'named', profile: 'sdk', fallback: 'usual' }
  const plain: ModelChoice = { type: 'work' }
  const both: ModelChoice = { type: 'plan', model: 'general', model_sdk: 'special', model_pi: 'other' }
  const policy = (file?: ModelsFile, harness: HarnessModels = named) =>
    modelPolicy({ harness, prompts: [plain, both], ...(file && { file }) })
  const none = new Set<string>()

  test('runs everything with the one model where there is only one, or what stands in for it', () => {
    const { modelFor, allowed, standIn } = policy({ only: 'local', fallback: { local: ['spare'] } })
    expect([modelFor(both, 'general', none), modelFor(plain, undefined, none)]).toEqual(['local', 'local'])
    expect([...allowed].sort()).toEqual(['general', 'local', 'other', 'special'])
    expect([standIn('local', none), modelFor(plain, undefined, new Set(['local']))]).toEqual([
      'spare',
      'spare',
    ])
    expect(() => policy({ only: 'local', allow: ['other'] })).toThrow('Cannot run "*" with model "local"')
  })

  test('chooses the one asked for, then the profile, then the prompt, then the default', () => {
    const { modelFor } = policy()
    expect(modelFor(both, 'asked', none)).toBe('asked')
    expect(modelFor(both, undefined, none)).toBe('special')
    expect(modelFor({ type: 'x', model: 'general' }, undefined, none)).toBe('general')
    expect(modelFor(plain, undefined, none)).toBe('usual')
    expect(policy({ default: 'mine' }).modelFor(plain, undefined, none)).toBe('mine')
    expect(
      policy(undefined, { kind: 'named', profile: 'pi', fallback: 'u' }).modelFor(both, undefined, none),
    ).toBe('other')
  })
  test('lets a harness with a model of its own have it', () => {
    const own = policy(undefined, { kind: 'own', name: 'rules' })
    expect(own.modelFor(both, 'asked', none)).toBe('rules')
    expect(own.standIn('rules', none)).toBeUndefined()
  })
  test('goes down the chain of what cannot be had, and stays at its head when all is lost', () => {
    const { modelFor, standIn } = policy({ fallback: { special: ['b', 'c'] } })
    expect(modelFor(both, undefined, new Set(['special']))).toBe('b')
    expect(modelFor(both, undefined, new Set(['special', 'b']))).toBe('c')
    expect(modelFor(both, undefined, new Set(['special', 'b', 'c']))).toBe('special')
    expect(standIn('special', new Set(['special', 'b', 'c']))).toBeUndefined()
    expect(standIn('general', none)).toBeUndefined()
  })
  test('allows what prompts and the file name, and nothing else when told so', () => {
    expect([...policy({ fallback: { special: ['b'] } }).allowed].sort()).toEqual([
      'b',
      'general',
      'other',
      'special',
      'usual',
    ])
    const narrow = policy({ allow: ['special', 'usual'], fallback: { special: ['b', 'usual'] } })
    expect(narrow.modelFor(both, undefined, new Set(['special']))).toBe('usual')
    expect(() => policy({ allow: ['speciol', 'usual'] })).toThrow(
      'Cannot run "plan" with model "special": expected one of speciol, usual; did you mean "speciol"?',
    )
    expect(() => policy(undefined, { kind: 'named', profile: 'sdk' })).toThrow(
      'Cannot choose a model for "work"',
    )
  })
})

test('readModelsFile() says where a file is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mill-models-'))
  const file = join(folder, 'models.json')
  await writeFile(file, '{"fallback":{"a":[]},"colour":1}')
  await expect(readModelsFile(file)).rejects.toThrow(/fallback\.a|colour/)
  await writeFile(file, '{"default":"a","fallback":{"a":["b"]}}')
  await expect(readModelsFile(file)).resolves.toEqual({ default: 'a', fallback: { a: ['b'] } })
  await expect(readModelsFile(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'run/models-file' })
  await rm(folder, { recursive: true })
})
