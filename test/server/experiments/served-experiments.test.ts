import { expect, test } from 'vitest'
import { type Assignment, assignmentSchema, experimentListSchema } from '../../../schemas/experiments.ts'
import { repoWithContent } from '../repo.ts'
import { contentFolder, scratch, write } from '../scratch.ts'
import { eventually, type Running, running } from '../serving.ts'

const FILE = 'experiments.yaml'
const arms = (main: number, x: number, more = '') =>
  `experiments:\n  - name: short\n    unit: a project\n${more}    arms:\n      - {channel: main, weight: ${main}}\n      - {channel: experiment-x, weight: ${x}}\n`

const UNITS = Array.from({ length: 60 }, (_, at) => `project-${at}`)

async function assigned(server: Running, unit: string): Promise<Assignment> {
  return assignmentSchema.parse(await (await server.get(`/assign?experiment=short&unit=${unit}`)).json())
}

async function allAssigned(server: Running): Promise<string[]> {
  const all = []
  for (const unit of UNITS) all.push(await assigned(server, unit))
  return all.map(({ channel, reason }) => `${channel} ${reason}`)
}

async function listed(server: Running) {
  return experimentListSchema.parse(await (await server.get('/experiments')).json())
}

test('serve() assigns by the default branch, the same after a restart, until somebody ends the experiment', async () => {
  const repo = repoWithContent()
  write(repo.content, { [FILE]: arms(1, 1) })
  repo.commit('experiment')
  repo.git('branch', 'experiment/x')
  const store = scratch()
  const server = await running(repo.content, { store })
  const given = await allAssigned(server)
  expect(new Set(given)).toEqual(new Set(['main assigned', 'experiment-x assigned']))
  const [first] = (await listed(server)).experiments
  expect(first?.exposures.reduce((sum, { count }) => sum + count, 0)).toBe(UNITS.length)
  await server.close()

  const again = await running(repo.content, { store })
  expect(await allAssigned(again)).toEqual(given)
  // What a branch or the work tree says counts for nothing here.
  write(repo.content, { [FILE]: arms(1, 1, '    enabled: false\n') })
  repo.git('checkout', '--quiet', '-b', 'experiment/mine')
  repo.commit('mine')
  await eventually(
    () => again.channels(),
    ({ channels }) => channels.some(({ channel }) => channel === 'experiment-mine'),
  )
  expect(await allAssigned(again)).toEqual(given)
  repo.git('branch', '--force', 'main', 'experiment/mine')
  await eventually(
    () => assigned(again, 'x'),
    ({ reason }) => reason === 'killed',
  )
  expect(new Set(await allAssigned(again))).toEqual(new Set(['main killed']))
  expect(again.warnings).toEqual([])
})

test('serve() moves only units that must move when a weight changes', async () => {
  const repo = repoWithContent()
  write(repo.content, { [FILE]: arms(1, 1) })
  repo.commit('experiment')
  repo.git('branch', 'experiment/x')
  const server = await running(repo.content)
  const before = await allAssigned(server)
  write(repo.content, { [FILE]: arms(1, 3) })
  repo.commit('more')
  await eventually(
    () => listed(server),
    ({ experiments }) => experiments[0]?.arms[1]?.weight === 3,
  )
  const after = await allAssigned(server)
  for (const [at, was] of before.entries())
    if (was !== after[at]) expect(after[at]).toBe('experiment-x assigned')
  expect(after).not.toEqual(before)
})

test('serve() gives the control for an arm without a branch, and warns once', async () => {
  const repo = repoWithContent()
  write(repo.content, { [FILE]: arms(1, 1000) })
  repo.commit('experiment')
  const server = await running(repo.content)
  expect(await assigned(server, 'project-1')).toMatchObject({
    arm: 'experiment-x',
    channel: 'main',
    reason: 'arm-unavailable',
  })
  expect(server.warnings).toEqual([expect.stringContaining('"experiment-x" of the experiment "short"')])
  repo.git('branch', 'experiment/x')
  await eventually(
    () => assigned(server, 'project-1'),
    ({ reason }) => reason === 'assigned',
  )
  expect(server.warnings).toHaveLength(1)
})

test('serve() assigns by the work tree where dev answers at /, and stays with what it could read', async () => {
  const content = contentFolder()
  write(content, { [FILE]: arms(1, 1).replace('experiment-x', 'dev') })
  const server = await running(content, { watch: true })
  expect(await assigned(server, 'x')).toMatchObject({ channel: 'dev' })
  write(content, { [FILE]: arms(1, 0) })
  const broken = await eventually(
    () => listed(server),
    ({ diagnostics }) => diagnostics.length > 0,
  )
  expect(broken.diagnostics[0]).toMatchObject({ path: FILE, line: 6, code: 'validate/value' })
  expect(broken.experiments.map(({ name }) => name)).toEqual(['short'])
})
