/**
 * Runs one command in a process group of its own, and kills the group and all that left it when the command ends or
 * when stdin closes. The kernel closes stdin even when the parent is killed outright, so no command outlives its agent.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { kill, killStrays } from './strays.ts'

const [mark = '', program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] })

function end(code: number): never {
  // Strays first: while their parents live, it can be seen whose they are.
  killStrays(mark)
  if (child.pid !== undefined) kill(-child.pid)
  process.exit(code)
}

child.on('error', () => process.exit(127))
child.on('exit', (code, signal) => end(signal === null ? (code ?? 1) : 137))
process.stdin.on('end', () => end(137))
process.stdin.on('error', () => end(137))
process.stdin.resume()
