/**
 * Runs one command in a process group of its own, and kills the whole group when the command ends or when stdin
 * closes. The kernel closes stdin even when the parent is killed outright, so no command outlives its agent.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] })

function killGroup(): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is gone already.
  }
}

child.on('error', () => process.exit(127))
child.on('exit', (code, signal) => {
  killGroup()
  process.exit(signal === null ? (code ?? 1) : 137)
})
process.stdin.on('end', () => {
  killGroup()
  process.exit(137)
})
process.stdin.resume()
