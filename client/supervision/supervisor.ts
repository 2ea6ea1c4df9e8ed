/**
 * Runs one program in a process group of its own, and kills the group and all that left it when the program ends, when
 * it is told to by SIGTERM, or when stdin closes. The kernel closes stdin even when the parent is killed outright, so
 * no program outlives who asked for it.
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import { kill, killStrays } from './strays.ts'

/** How long a program that is spoken to may take to its own end, once nobody speaks to it any more. */
const GRACE_MS = 1000

const [mark = '', hears = '', program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, {
  detached: true,
  stdio: [hears === 'hears' ? 'pipe' : 'ignore', 'inherit', 'inherit'],
})

function end(code: number): never {
  // Strays first: while their parents live, it can be seen whose they are.
  killStrays(mark)
  if (child.pid !== undefined) kill(-child.pid)
  process.exit(code)
}

child.on('error', () => process.exit(127))
child.on('exit', (code, signal) => end(signal === null ? (code ?? 1) : 137))
process.on('SIGTERM', () => end(137))
process.stdin.on('error', () => end(137))
process.stdin.on('end', () => (child.stdin ? setTimeout(end, GRACE_MS, 137) : end(137)))
// The program may be gone while somebody still talks to it.
child.stdin?.on('error', () => undefined)
if (child.stdin) process.stdin.pipe(child.stdin)
else process.stdin.resume()
