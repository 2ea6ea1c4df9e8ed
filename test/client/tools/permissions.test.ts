import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { embeddedHarness } from '../../../client/harness/embedded/embedded.ts'
import type { AgentJob } from '../../../client/harness/harness.ts'
import { attemptServer } from '../../../client/mcp/attempt-server.ts'
import { type McpEndpoint, mcpEndpoint } from '../../../client/mcp/endpoint.ts'
import { fileTools } from '../../../client/tools/files/file-tools.ts'
import { toolboxOf } from '../../../client/tools/toolbox.ts'
import { TOOLS } from '../../../schemas/agent-prompt.ts'
import { handoff } from '../scripted.ts'
import { appWithRun, jobIn, type ScratchApp } from './attempt-of.ts'

let app: ScratchApp
let endpoint: McpEndpoint
beforeAll(async () => {
  app = await appWithRun()
  endpoint = await mcpEndpoint()
})
afterAll(async () => {
  await endpoint.close()
  await app[Symbol.asyncDispose]()
})
beforeEach(() =>
  Promise.all(['new.txt', '.env.local'].map((name) => rm(join(app.path, name), { force: true }))),
)

interface Verdict {
  readonly ok: boolean
  readonly text: string
}
type Way = (job: AgentJob, tool: string, input: unknown) => Promise<Verdict>

/** How an agent's calls reach the tools, by each way there is. */
const WAYS: Readonly<Record<string, Way>> = {
  embedded: async (job, tool, input) => {
    let answer: Verdict = { ok: false, text: 'never called' }
    const harness = embeddedHarness({
      policies: {
        'demo/*': async ({ call }) => {
          answer = await call(tool, input)
        },
      },
    })
    await harness.run(job)
    return answer
  },
  'MCP in process': async (job, tool, input) => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await attemptServer(toolboxOf(job)).connect(ours)
    return asked(theirs, tool, input)
  },
  'MCP over HTTP': async (job, tool, input) => {
    const { url, bearer, close } = endpoint.admit(toolboxOf(job))
    const requestInit = { headers: { authorization: `Bearer ${bearer}` } }
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit }) as Transport
    return asked(transport, tool, input).finally(close)
  },
}

async function asked(transport: Transport, name: string, input: unknown): Promise<Verdict> {
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  const answer = await client.callTool({ name, arguments: input as Record<string, unknown> })
  await client.close()
  return { ok: answer.isError !== true, text: JSON.stringify(answer.content) }
}

/** A call of each tool that does something when it is let through. */
const CALLS: Readonly<Record<(typeof TOOLS)[number], unknown>> = {
  Read: { file_path: 'a.txt' },
  Write: { file_path: 'new.txt', content: 'x' },
  Edit: { file_path: 'a.txt', old_string: 'one', new_string: 'one' },
  Glob: { pattern: '*' },
  Grep: { pattern: 'one' },
  Bash: { command: 'node --version' },
  enqueue_task: { type: 'work', inputs: { n: 1 } },
  complete_task: { status: 'done', handoff: handoff() },
  read_handoffs: {},
  set_env_values: { values: { HOST: 'https://example.com' } },
  check_env_keys: { keys: ['HOST'] },
  detect_package_manager: {},
  ask_user: { question: 'May I?' },
  load_skill_menu: {},
  install_skill: { id: 'naming' },
}

describe.each(Object.entries(WAYS))('tools by %s', (_, way) => {
  test.each(TOOLS)('%s runs when it is allowed, and not when it is denied or not listed', async (tool) => {
    const rest = TOOLS.filter((name) => name !== tool)
    const call = async (allow: readonly string[], deny: readonly string[]) =>
      way(await jobIn(app, { allow, deny }), tool, CALLS[tool])
    const before = (await readdir(app.path)).sort()
    const denied = await call(TOOLS, [tool])
    expect(denied).toEqual({ ok: false, text: expect.stringContaining('it is denied to this task') })
    if (tool !== 'complete_task') {
      const unlisted = await call(rest, [])
      expect(unlisted).toEqual({ ok: false, text: expect.stringContaining("not among this task's tools") })
    } else {
      expect(await call(rest, [])).toMatchObject({ ok: true })
    }
    expect((await readdir(app.path)).sort()).toEqual(before)
    const { ok, text } = await call([tool], [])
    // An edit that changes nothing is let through and refused by the tool itself.
    expect([ok, text]).toEqual(tool === 'Edit' ? [false, expect.stringContaining('are equal')] : [true, text])
  })

  test('of 40 spellings of their names none is granted, not even where it is listed', async () => {
    const before = (await readdir(app.path)).sort()
    const granted: string[] = []
    for (const spelling of SPELLINGS) {
      const job = await jobIn(app, { allow: [spelling, 'Read'], deny: [] })
      const input = /write|edit/i.test(spelling) ? CALLS.Write : CALLS.Bash
      const answer = await way(job, spelling, input).catch(() => ({ ok: false }))
      if (answer.ok) granted.push(spelling)
    }
    expect([SPELLINGS.length, granted]).toEqual([40, []])
    expect((await readdir(app.path)).sort()).toEqual(before)
  }, 30_000)
})

/** Of `Bash` and `Write`, as somebody might hope to get them past a list. */
const SPELLINGS: readonly string[] = [
  ...['bash', 'BASH', 'bAsh', ' Bash', 'Bash ', '\tBash', 'Bash\n', 'Bash\0', 'Bash\u200b', '\ufeffBash'],
  ...[
    '\u200dBash',
    'Ba\u00adsh',
    'B\u0430sh',
    '\u0412ash',
    '\uff22\uff41\uff53\uff48',
    'Bash\u0301',
    'Ba\u017fh',
  ],
  ...[
    'Bash()',
    'Bash(*)',
    'Bash(npm:*)',
    'Bash;Read',
    'Bash,Read',
    'Read,Bash',
    'Read Bash',
    '"Bash"',
    "'Bash'",
  ],
  ...['mcp__mill__Bash', 'mcp__context-mill__Bash', 'default.Bash', 'functions.Bash', 'tools/Bash', './Bash'],
  ...['Bash#1', 'Bash/../Read', '*', 'write', 'WRITE', 'Write\u2060', 'MultiEdit', '__proto__'],
]

describe('names', () => {
  test('those that prompts may list are those that are registered', async () => {
    const { hostTools } = await jobIn(app, { allow: TOOLS, deny: [] })
    const registered = [...fileTools(app.path), ...hostTools].map(({ name }) => name)
    expect(registered.sort()).toEqual([...TOOLS].sort())
    const { tools } = toolboxOf(await jobIn(app, { allow: TOOLS, deny: ['Bash'] }))
    expect([...tools.keys()].sort()).toEqual(TOOLS.filter((name) => name !== 'Bash').sort())
  })
})
