/**
 * `pnpm interop claude`: installs the Claude Agent SDK where no other tool looks, then puts the harness through
 * the conformance suite, its processes to the test, and two whole flows, all with a scripted model and no network.
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { findSdk, SDK_VERSION } from '../../../client/harness/claude/sdk.ts'

const root = resolve(import.meta.dirname, '../../..')

/** Runs a program in view of the person; ends with its exit code when it fails. */
function must(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): void {
  const env = { ...process.env, ...more }
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env })
  if (status !== 0) process.exit(status ?? 1)
}

const folder = process.env.MILL_CLAUDE_SDK ?? join(root, 'node_modules/.cache/claude-agent-sdk')
const found = await findSdk(folder)
if (!found.ok) {
  const started = Date.now()
  const wanted = `@anthropic-ai/claude-agent-sdk@${SDK_VERSION}`
  must('npm', ['install', '--no-audit', '--no-fund', '--include=optional', '--prefix', folder, wanted])
  process.stdout.write(`Installed ${wanted} in ${Math.round((Date.now() - started) / 1000)} s\n`)
}
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
must(process.execPath, [vitest, 'run', 'test/client/harness/claude', 'test/interop/claude'], {
  MILL_CLAUDE_SDK: folder,
})
