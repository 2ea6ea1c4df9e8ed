import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../../../server/verify/problem.ts'
import { runMill } from './run-mill.ts'

/** Every file below a folder, sorted, with forward slashes. */
export function filesBelow(dir: string): string[] {
  const names = readdirSync(dir, { recursive: true }).map(String)
  return names.filter((name) => statSync(join(dir, name)).isFile()).sort()
}

/** Puts other bytes at a path, and nowhere else: names that share its bytes keep theirs. */
export function replace(dir: string, path: string, change: (bytes: Buffer) => Buffer): () => void {
  const file = join(dir, path)
  const before = readFileSync(file)
  rmSync(file)
  writeFileSync(file, change(Buffer.from(before)))
  return () => writeFileSync(file, before)
}

/** What `mill verify --format json` finds. */
export async function problemsOf(target: string, ...flags: string[]): Promise<Problem[]> {
  const { out, code } = await runMill(
    ['verify', target, '--format', 'json', ...flags],
    target[0] === '/' ? target : '/',
  )
  const { problems } = JSON.parse(out) as { problems: Problem[] }
  if ((code === 0) !== (problems.length === 0))
    throw new Error(`exit ${code} with ${problems.length} problems`)
  return problems
}
