import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SOUND } from './trees.ts'

const MILL = join(import.meta.dirname, '../../bin/mill.js')
const OPENINGS = [
  ...['---js', '---javascript', '---JS', '---JavaScript', '--- js', '---\tjs', '---  javascript  ', '---js '],
  ...[
    '\uFEFF---js',
    '---js\r',
    '---\n---js',
    '---\nlabel: a\n---js',
    '---coffee',
    '---json',
    '---js#',
    '---ejs',
  ],
]

let root: string
let marker: string
let child: ChildProcess | undefined
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mill-executes-'))
  marker = join(root, 'executed')
  for (const [path, text] of Object.entries(SOUND)) write(path, String(text))
})
afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(root, { recursive: true })
})

function write(path: string, text: string): void {
  mkdirSync(join(root, 'content', dirname(path)), { recursive: true })
  writeFileSync(join(root, 'content', path), text)
}

/** One file for each spelling, each of which would leave a marker. */
function plant(): void {
  const code = `(process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(marker)}, 'x'), { type: 'task' })`
  for (const [at, opening] of OPENINGS.entries()) {
    const text = `${opening}\n${code}\n---\nBody\n`
    write(`agents/demo/p${at}.md`, text)
    write(`shared/p${at}.md`, text)
    write(`skills/plain/references/p${at}.md`, text)
  }
}

const REFUSED = /parse\/(frontmatter|yaml|hidden)/

test(`mill check and mill build execute none of ${OPENINGS.length} spellings`, async () => {
  plant()
  for (const command of ['check', 'build', 'graph']) {
    const run = promisify(execFile)(process.execPath, [MILL, command], { cwd: root })
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error)
    expect(stdout + stderr, command).toMatch(REFUSED)
    expect(existsSync(marker), command).toBe(false)
  }
}, 60_000)

test('mill check --watch executes none of them, the first time or the second', async () => {
  child = spawn(process.execPath, [MILL, 'check', '--watch'], { cwd: root })
  let printed = ''
  child.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  const until = (pattern: RegExp) => expect.poll(() => printed, { timeout: 20_000 }).toMatch(pattern)
  await until(/watching/)
  for (let round = 1; round <= 2; round++) {
    printed = ''
    plant()
    write('agents/demo/task.md', `${String(SOUND['agents/demo/task.md'])}Round ${round}\n`)
    await until(REFUSED)
    expect(existsSync(marker)).toBe(false)
  }
}, 60_000)
