import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseRecord, recordText } from '../../build/publish/record-text.ts'
import { repoWithContent } from './repo.ts'
import { contentFolder, greetPrompt, scratch, write } from './scratch.ts'
import { channel, eventually, greeting, running } from './serving.ts'

const GREET = 'agents/hello/greet.md'

test('serve() lets a branch that was deleted meanwhile answer as retired', async () => {
  const repo = repoWithContent()
  repo.git('branch', 'experiment/x')
  await (await running(repo.content)).close()
  repo.git('branch', '-D', 'experiment/x')
  const server = await running(repo.content)
  expect(await channel(server, 'experiment-x')).toMatchObject({ status: 'retired', branch: null })
  expect((await server.get('/channels/experiment-x/agent-menu.json')).status).toBe(200)
})

test('serve() builds nothing at start for a commit its store has, unless folder or compiler is another', async () => {
  const repo = repoWithContent()
  const store = scratch()
  const other = contentFolder(join(repo.dir, 'other'))
  write(other, { [GREET]: greetPrompt('Another folder.') })
  repo.commit('other')
  const built = async (content: string) => {
    const server = await running(content, { store })
    await server.close()
    // When it listens: for dev, findings are looked for afterwards.
    return server.atStart.flatMap(({ after, tree }) => (tree === undefined ? [] : [after.name])).sort()
  }
  expect((await built(repo.content)).sort()).toEqual(['dev', 'main'])
  expect(await built(repo.content)).toEqual([])
  expect((await built(other)).sort()).toEqual(['dev', 'main'])
  const server = await running(other, { store })
  expect(await greeting(server, '')).toContain('Another folder.')
  await server.close()

  const file = join(store, 'history/main.jsonl')
  const { record } = parseRecord(readFileSync(file, 'utf8'))
  const entries = record.entries.map((entry) => ({
    ...entry,
    origin: { ...entry.origin, compiler: 'older' },
  }))
  writeFileSync(file, recordText({ ...record, entries }))
  expect(await built(other)).toEqual(['main'])
})

test('serve() answers with dev from the store if nobody has edited it, looks for findings then, and builds what was edited', async () => {
  const content = contentFolder()
  const store = scratch()
  const started = async () => running(content, { store })
  const first = await started()
  const before = await channel(first, 'dev')
  await first.close()

  const second = await started()
  expect(second.atStart).toMatchObject([{ after: { name: 'dev', status: 'live' }, tree: undefined }])
  await eventually(
    () => second.changes.at(-1)?.tree,
    (tree) => tree !== undefined,
  )
  expect(await channel(second, 'dev')).toEqual(before)
  await second.close()

  write(content, { [GREET]: greetPrompt('Edited while nobody watched.') })
  const third = await started()
  expect(third.atStart[0]).toMatchObject({ after: { name: 'dev', status: 'live' }, tree: expect.anything() })
  expect(await greeting(third)).toContain('Edited while nobody watched.')
})
