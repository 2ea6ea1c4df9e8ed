import request from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { assignmentSchema, experimentListSchema } from '../../../schemas/experiments.ts'
import { experiments, release, server } from '../app-server.ts'

const declared = (text: string) => ({
  files: [{ path: 'experiments.yaml', bytes: Buffer.from(text) }],
  diagnostics: [],
})
const experiment = (name: string, arms: string, more = '') =>
  `- {name: ${name}, unit: a project, ${more} arms: [${arms
    .split(' ')
    .map((arm) => `{channel: ${arm.split('=')[0]}, weight: ${arm.split('=')[1] ?? 1}}`)
    .join(', ')}]}`
const YAML = `experiments:\n  ${[
  experiment('two', 'dev old'),
  experiment('killed', 'old dev', 'enabled: false,'),
  experiment('gone', 'dev=1 nowhere=1000000'),
  experiment('hollow', 'dev=1 bare=1000000'),
  experiment('lost', 'bare nowhere'),
  experiment('torn', 'torn=1000000 dev=1'),
].join('\n  ')}\n`

beforeEach(() => experiments.declare(declared(YAML)))

async function assigned(experiment: string, unit: string) {
  const reply = await request(server).get('/assign').query({ experiment, unit })
  expect(reply.status).toBe(200)
  return assignmentSchema.parse(reply.body)
}

describe('GET /assign', () => {
  test('gives a unit the same arm every time, and leads to what answers there', async () => {
    const first = await assigned('two', 'project 42')
    expect(first).toMatchObject({ reason: 'assigned', channel: first.arm, serial: 3, release: release.id })
    for (let turn = 0; turn < 5; turn++) expect(await assigned('two', 'project 42')).toEqual(first)
    const menu = await request(server).get(`${new URL(first.url).pathname}agent-menu.json`)
    expect([menu.status, menu.headers['mill-channel']]).toEqual([200, first.channel])
    expect((await request(server).get(`${new URL(first.releaseUrl).pathname}agent-menu.json`)).status).toBe(
      200,
    )
    const arms = await Promise.all(Array.from({ length: 40 }, (_, at) => assigned('two', `${at}`)))
    expect(new Set(arms.map(({ channel }) => channel))).toEqual(new Set(['dev', 'old']))
  })

  test('gives everybody the control of an experiment that was ended, and says so', async () => {
    const units = Array.from({ length: 20 }, (_, at) => assigned('killed', `${at}`))
    for (const one of await Promise.all(units))
      expect(one).toMatchObject({ channel: 'old', reason: 'killed' })
  })

  test.each(['gone', 'hollow'])('gives the control for an arm that is %s, and says so', async (name) => {
    const one = await assigned(name, 'x')
    expect(one).toMatchObject({ channel: 'dev', reason: 'arm-unavailable' })
    expect(one.arm).not.toBe('dev')
  })

  test('gives the sound part of a channel without a pointer', async () => {
    expect(await assigned('torn', 'x')).toMatchObject({ channel: 'torn', serial: null })
  })

  test.each([
    ['', 400, 'assign/parameters'],
    ['?experiment=two', 400, 'assign/parameters'],
    ['?unit=1', 400, 'assign/parameters'],
    ['?experiment=two&unit=', 400, 'assign/parameters'],
    ['?experiment=two&unit=1&unit=2', 400, 'assign/parameters'],
    ['?experiment=two&experiment=gone&unit=2', 400, 'assign/parameters'],
    ['?experiment=two&unit=%ff', 400, 'assign/unit'],
    [`?experiment=two&unit=${'x'.repeat(201)}`, 400, 'assign/unit'],
    ['?experiment=tow&unit=1', 404, 'assign/unknown-experiment'],
    ['?experiment=__proto__&unit=1', 404, 'assign/unknown-experiment'],
    ['?experiment=constructor&unit=1', 404, 'assign/unknown-experiment'],
    ['?experiment=lost&unit=1', 503, 'assign/unavailable'],
  ])('refuses %s with %i %s', async (query, status, error) => {
    const reply = await request(server).get(`/assign${query}`)
    expect([reply.status, reply.body.error]).toEqual([status, error])
    expect(reply.headers['cache-control']).not.toContain('public')
    if (query.includes('tow')) expect(reply.body.message).toContain('"two"')
  })

  test('counts what was given, and nothing else', async () => {
    const count = () => experiments.exposures().reduce((sum, one) => sum + one.count, 0)
    const before = count()
    await assigned('killed', 'x')
    await request(server).head('/assign?experiment=killed&unit=x')
    await request(server).get('/assign?experiment=nothing&unit=x')
    await request(server).get('/assign?experiment=lost&unit=x')
    expect(count() - before).toBe(1)
    const list = experimentListSchema.parse((await request(server).get('/experiments')).body)
    const killed = list.experiments.find(({ name }) => name === 'killed')
    expect(killed?.exposures).toMatchObject([{ channel: 'old', reason: 'killed' }])
  })
})

describe('GET /experiments', () => {
  test('tells each arm, its share and what it answers with', async () => {
    const list = experimentListSchema.parse((await request(server).get('/experiments')).body)
    expect(list.experiments.map(({ name, enabled }) => [name, enabled])).toContainEqual(['killed', false])
    expect(list.experiments.find(({ name }) => name === 'lost')?.arms).toEqual([
      { channel: 'bare', weight: 1, share: 0.5, status: 'empty' },
      { channel: 'nowhere', weight: 1, share: 0.5, status: 'missing' },
    ])
  })

  test('stays as it was when what is declared cannot be used, and says why', async () => {
    const names = experiments.names()
    for (const text of ['experiments: 7', 'experiments: [', `${YAML}more: 1\n`]) {
      experiments.declare(declared(text))
      const { body } = await request(server).get('/experiments')
      expect(experimentListSchema.parse(body).diagnostics).toMatchObject([{ path: 'experiments.yaml' }])
      expect(experiments.names()).toEqual(names)
    }
    const link = {
      path: 'experiments.yaml',
      line: 1,
      column: 1,
      severity: 'error',
      message: 'a link',
    } as const
    experiments.declare({ files: [], diagnostics: [{ ...link, code: 'discover/link' }] })
    expect(experiments.names()).toEqual(names)
    experiments.declare({ files: [], diagnostics: [] })
    expect(experiments.names()).toEqual([])
  })
})
