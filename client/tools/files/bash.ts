import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { HostTool } from '../../harness/harness.ts'
import { ALLOWED_COMMANDS, type Command, parseCommand } from './command.ts'
import { commandEnvironment } from './config.ts'
import { headAndTail } from './head-and-tail.ts'
import { inputSchema, parseInput } from './input.ts'
import { placeWithoutSecrets } from './secret-free.ts'
import { killStrays, MARK } from './strays.ts'

const TIME_LIMIT_MS = 300_000
/** How long the supervisor has for its work before it is killed as well. */
const GRACE_MS = 1000

/** Runs one command of a short allow-list, without a shell and with a clean environment. */
export function bashTool(cwd: string): HostTool {
  return {
    name: 'Bash',
    description: `Run one command in the project. There is no shell. Allowed: ${ALLOWED_COMMANDS}.`,
    input: inputSchema('Bash'),
    run: async (input, signal) => {
      const { command: text, timeout = TIME_LIMIT_MS } = parseInput('Bash', input)
      const verdict = parseCommand(text)
      if (!verdict.ok) throw new Error(verdict.reason)
      await requirements(cwd, verdict.command)
      const clock = AbortSignal.timeout(timeout)
      const ended = await execute(cwd, verdict.command, AbortSignal.any([signal, clock]))
      if (signal.aborted) throw new Error(`Stopped ${JSON.stringify(text)}`)
      if (clock.aborted)
        throw new Error(`Stopped ${JSON.stringify(text)} after ${timeout} ms\n${ended.output}`)
      const answer = `exit ${ended.code}\n${ended.output}`
      if (ended.code !== 0) throw new Error(answer)
      return answer
    },
  }
}

async function requirements(cwd: string, command: Command): Promise<void> {
  if (command.file !== undefined) await placeWithoutSecrets(cwd, command.file)
  if (command.local === undefined) return
  await access(join(cwd, 'node_modules', '.bin', command.local)).catch((cause: unknown) => {
    throw new Error(`Cannot run "${command.local}": it is not installed in this project`, { cause })
  })
}

function execute(
  cwd: string,
  command: Command,
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve({ code: 137, output: '' })
    const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url))
    const mark = randomUUID()
    const child = spawn(execPath, [supervisor, mark, command.program, ...command.args], {
      cwd,
      env: { ...commandEnvironment(cwd), [MARK]: mark },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const output = headAndTail()
    child.stdout.on('data', output.add)
    child.stderr.on('data', output.add)
    const stop = () => release(child, mark)
    signal.addEventListener('abort', stop, { once: true })
    child.once('error', reject)
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop)
      // What still holds the pipes has left the group on purpose; nobody waits for it.
      setTimeout(() => resolve({ code: code ?? 137, output: output.text() }), 20)
    })
  })
}

/** Closing stdin tells the supervisor to kill what it runs; one that does not come to it is killed, and its work done. */
function release(child: ChildProcess, mark: string): void {
  child.stdin?.destroy()
  const late = setTimeout(() => {
    child.kill('SIGKILL')
    killStrays(mark)
  }, GRACE_MS)
  child.once('exit', () => clearTimeout(late))
}
