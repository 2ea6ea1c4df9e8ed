import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Finding } from '../finding.ts'

/** Whether git is there; without it only the work tree is served. */
export async function checkGit(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('git', ['--version'], { timeout: 5000 })
    return { subject: 'git', status: 'ok', found: stdout.trim().replace(/^git version /, '') }
  } catch {
    const found = 'there is no git: only the work tree can be served, no branches'
    return { subject: 'git', status: 'note', found, fix: 'Install git' }
  }
}
