import { expect, test } from 'vitest'
import { agentMenuSchema } from '../../../schemas/agent-menu.ts'
import { parsePrompt } from '../../../schemas/flat-prompt.ts'
import { SPELLINGS } from '../../build/tool-spellings.ts'
import { repoWithContent } from '../repo.ts'
import { scratch, write } from '../scratch.ts'
import { followed } from './followed.ts'

const CHANNELS = ['a', 'b', 'quiet', 'wide', 'z'].map((name) => `experiment-${name}`)
const CEILING = `channels:
  experiment-*: {tools: [Read, Glob, Grep]}
  experiment-quiet: {tools: []}
  experiment-w*: {tools: [Read, Write]}
`
const ALLOWED = new Set(['Read', 'Glob', 'Grep', 'Write'])

/** A prompt for each way to write that it gets a shell, and a ceiling of the branch's own that would allow it. */
function escalations(): Record<string, string> {
  const files: Record<string, string> = { 'ceiling.yaml': 'channels: {"*": {tools: [Bash]}}\n' }
  for (const [at, lines] of Object.values(SPELLINGS).entries()) {
    files[`agents/hello/task-${at}.md`] =
      `---\ntype: task-${at}\nflow: hello\nmodel: m1\n${lines}\n---\nDo it.\n`
  }
  return files
}

test(`refreshBranches() grants none of ${Object.keys(SPELLINGS).length} spellings of a tool beyond the ceiling to any of ${CHANNELS.length} channels`, async () => {
  expect(Object.keys(SPELLINGS).length).toBeGreaterThanOrEqual(40)
  const repo = repoWithContent()
  write(repo.content, { 'ceiling.yaml': CEILING })
  repo.commit('ceiling')
  write(repo.content, escalations())
  repo.git('checkout', '--quiet', '-b', 'experiment/a')
  repo.commit('escalate')
  for (const name of CHANNELS.slice(1)) repo.git('branch', name.replace('-', '/'))
  const server = await followed(repo.content)
  await server.refreshBranches()
  for (const name of CHANNELS) {
    const menu = agentMenuSchema.parse(
      JSON.parse(server.text(name, 'agent-menu.json') ?? '{"version":"1.0"}'),
    )
    const served = menu.agents.map(({ id, flow }) => server.text(name, `agents-${flow}-${id}.md`) ?? '')
    for (const text of served)
      for (const tool of parsePrompt(text).allowedTools) expect(ALLOWED).toContain(tool)
    const findings = server.channel(name)?.diagnostics ?? []
    const told = new Set(findings.filter(({ severity }) => severity === 'error').map(({ path }) => path))
    for (const at of Object.keys(SPELLINGS).keys()) expect(told, name).toContain(`agents/hello/task-${at}.md`)
  }
})

test('refreshBranches() takes from a retired channel what a narrower ceiling forbids', async () => {
  const repo = repoWithContent()
  const allow = (tools: string) => {
    write(repo.content, { 'ceiling.yaml': `channels: {"experiment-*": {tools: [${tools}]}}\n` })
    repo.commit(tools)
  }
  const all = 'Read, Write, Edit, Bash, Glob, Grep, complete_task, enqueue_task, read_handoffs'
  allow(all)
  repo.git('branch', 'experiment/x')
  const dir = scratch()
  const server = await followed(repo.content, dir)
  expect(await server.after('experiment-x')).toMatchObject({ status: 'live' })
  repo.git('branch', '-D', 'experiment/x')
  expect(await server.after('experiment-x')).toMatchObject({ status: 'retired' })
  expect(await (await followed(repo.content, dir)).after('experiment-x')).toMatchObject({ status: 'retired' })
  allow('Read')
  expect(await server.after('experiment-x')).toBeUndefined()
  expect(server.told).toContain('experiment-x empty')
  expect(await (await followed(repo.content, dir)).after('experiment-x')).toBeUndefined()
  allow(`${all}`)
  expect(await (await followed(repo.content, dir)).after('experiment-x')).toMatchObject({ status: 'retired' })
})
