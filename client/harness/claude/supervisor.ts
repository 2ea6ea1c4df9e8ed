/**
 * Runs one program in the process group that this process leads, and kills the whole group once stdin has ended
 * and the program does not. The kernel ends stdin even when mill is killed outright, so no agent outlives its run.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'

const GRACE_MS = 1000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['pipe', 'inherit', 'inherit'] })

// The program may be gone while somebody still talks to it.
child.stdin.on('error', () => undefined)
child.on('error', () => process.exit(127))
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 137))
process.stdin.on('end', () => setTimeout(() => process.kill(-process.pid, 'SIGKILL'), GRACE_MS))
process.stdin.pipe(child.stdin)
