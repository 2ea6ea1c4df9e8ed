import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { repoWithContent } from '../repo.ts'
import { greetPrompt, scratch, write } from '../scratch.ts'
import { channel, eventually, running } from '../serving.ts'

const CEILING = 'ceiling.yaml'
const allow = (tools: string) => `channels:\n  experiment-*:\n    tools: ${tools}\n`
const WIDE = allow('[Read, Write, Edit, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs]')
const NARROW = allow('[Read, Write, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs]')

/** A repository whose branch experiment/x gives the tool Edit to an agent, while main says what may be given. */
function repoWithExperiment(ceiling: string) {
  const repo = repoWithContent()
  write(repo.content, { [CEILING]: ceiling })
  repo.commit('ceiling')
  repo.git('checkout', '--quiet', '-b', 'experiment/x')
  write(repo.content, { 'agents/hello/greet.md': greetPrompt('May edit.') })
  // What the branch itself says of its ceiling counts for nothing.
  write(repo.content, { [CEILING]: WIDE })
  repo.commit('edit')
  repo.git('checkout', '--quiet', 'main')
  return repo
}

test('serve() holds an experiment to the ceiling of the default branch, and follows it', async () => {
  const repo = repoWithExperiment(WIDE)
  const store = scratch()
  const server = await running(repo.content, { store })
  expect((await channel(server, 'experiment-x'))?.status).toBe('live')
  write(repo.content, { [CEILING]: NARROW })
  repo.commit('narrow')
  const held = await eventually(
    () => channel(server, 'experiment-x'),
    (one) => one?.status !== 'live',
  )
  expect(held?.diagnostics.find(({ code }) => code === 'ceiling/tool')?.message).toContain('"Edit"')
  // The last good release gives the tool too, so it is not what is served now.
  expect(held?.pointer).toBeNull()
  expect((await server.get('/channels/experiment-x/agents-hello-greet.md')).status).not.toBe(200)
  expect((await channel(server, 'main'))?.status).toBe('live')
  await server.close()

  const again = await running(repo.content, { store })
  expect(await channel(again, 'experiment-x')).toMatchObject({ status: held?.status, pointer: null })
  write(repo.content, { [CEILING]: WIDE })
  repo.commit('wide')
  await eventually(
    () => channel(again, 'experiment-x'),
    (one) => one?.status === 'live',
  )
  expect(again.bugs).toEqual([])
})

test.each([
  ['cannot be read', 'channels: 7\n'],
  ['is empty', ''],
])('serve() allows an experiment no tool under a ceiling that %s', async (_, text) => {
  const repo = repoWithExperiment(text)
  const server = await running(repo.content)
  const held = await channel(server, 'experiment-x')
  expect(held?.diagnostics.map(({ code }) => code)).toContain('ceiling/tool')
})

test('serve() forbids nothing while main holds no content at all', async () => {
  const repo = repoWithExperiment(WIDE)
  repo.git('rm', '-r', '--quiet', 'content')
  repo.commit('nothing')
  repo.git('checkout', '--quiet', 'experiment/x', '--', 'content')
  const server = await running(repo.content)
  expect((await channel(server, 'experiment-x'))?.status).toBe('live')
})

test('serve() forbids nothing where there is no ceiling', async () => {
  const repo = repoWithExperiment(WIDE)
  rmSync(join(repo.content, CEILING))
  repo.commit('none')
  const server = await running(repo.content)
  expect((await channel(server, 'experiment-x'))?.status).toBe('live')
})
