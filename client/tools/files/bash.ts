import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HostTool } from '../../harness/harness.ts'
import { headAndTail } from '../../supervision/head-and-tail.ts'
import { supervised } from '../../supervision/supervised.ts'
import { ALLOWED_COMMANDS, type Command, parseCommand } from './command.ts'
import { commandEnvironment } from './config.ts'
import { inputSchema, parseInput } from './input.ts'
import { placeWithoutSecrets } from './secret-free.ts'

const TIME_LIMIT_MS = 300_000

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

async function execute(
  cwd: string,
  { program, args }: Command,
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  if (signal.aborted) return { code: 137, output: '' }
  const env = commandEnvironment(cwd)
  const { process, end } = supervised({ command: program, args, cwd, env, hears: false })
  const output = headAndTail()
  process.stdout.on('data', output.add)
  process.stderr.on('data', output.add)
  const stop = () => void end()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code] = await once(process, 'exit')
    // What still holds the pipes has left the group on purpose; nobody waits for it.
    await sleep(20)
    return { code: code ?? 137, output: output.text() }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
