/**
 * Whether a server that is edited and asked all day grows: memory, open files, temporary files.
 *
 *     node bench/soak/run.ts              six minutes, ten times as fast by faketime where it is installed
 *     node bench/soak/run.ts --smoke      twenty seconds
 */
import { existsSync, readdirSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { print } from '../figures.ts'
import { mill } from '../serve/servers.ts'

const { values } = parseArgs({
  options: { smoke: { type: 'boolean', default: false }, seconds: { type: 'string', default: '360' } },
})
const seconds = values.smoke ? 16 : Number(values.seconds)
const folder = await mkdtemp(join(tmpdir(), 'mill-soak-'))
const content = join(folder, 'content')
await cp(join(import.meta.dirname, '../../test/fixtures/content-small'), content, { recursive: true })
const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const faketime = existsSync(library)
const server = await mill(
  content,
  join(folder, 'store'),
  faketime ? { LD_PRELOAD: library, FAKETIME: '+0 x10' } : {},
)
const base = `http://localhost:${server.port}`
try {
  await live(seconds / 4)
  const settled = seen()
  let peak = settled
  for (let quarter = 0; quarter < 3; quarter += 1) {
    await live(seconds / 4)
    peak = seen()
    print(`${JSON.stringify(peak)}`)
  }
  const growth = peak.memory / settled.memory - 1
  print(
    `${seconds} s${faketime ? ', clock × 10' : ''}: memory ${settled.memory} → ${peak.memory} MiB (${(growth * 100).toFixed(1)} %)`,
  )
  print(
    `open files ${settled.files} → ${peak.files}, temporary files ${settled.temporary} → ${peak.temporary}`,
  )
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}

/** Edits, and reads all that the menu names, for so long. */
async function live(forSeconds: number): Promise<void> {
  const end = performance.now() + forSeconds * 1_000
  for (let edit = 0; performance.now() < end; edit += 1) {
    // Twenty texts that come back, as branches do: the store holds each once.
    await writeFile(join(content, 'agents/hello/greet.md'), prompt(edit % 20))
    const menu = (await (await fetch(`${base}/agent-menu.json`)).json()) as {
      agents: { downloadUrl: string }[]
    }
    for (const { downloadUrl } of menu.agents) await (await fetch(downloadUrl)).arrayBuffer()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function seen() {
  const temporary = namesBelow(folder).filter((name) => /tmp|temp/i.test(name))
  const files = readdirSync(`/proc/${server.pid}/fd`).length
  return { memory: Math.round(server.memory()), files, temporary: temporary.length }
}

/** What is taken away while it is listed is asked for again. */
function namesBelow(path: string): readonly string[] {
  for (;;) {
    try {
      return readdirSync(path, { recursive: true, encoding: 'utf8' })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
}

function prompt(edit: number): string {
  const lines = ['---', 'type: greet', 'flow: hello', 'label: Say hello', 'model: claude-haiku-4-5-20251001']
  return [
    ...lines,
    'allowedTools: [Read, complete_task]',
    '---',
    '## Goal',
    '',
    `Greet ${edit} times.`,
    '',
  ].join('\n')
}
