/**
 * The main job, from nothing: builds the content, serves it, and runs both flows on a scratch copy of a real
 * Next.js app with the embedded harness. Ends with the verdict of the runs.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '..')
const mill = join(root, 'bin/mill.js')
const PORT = 8765

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

function heading(text: string): void {
  say(`\n── ${text} ${'─'.repeat(Math.max(0, 76 - text.length))}\n`)
}

/** Runs a command in view of the person, who is asked nothing; resolves with its exit code. */
function inView(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [mill, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}

/** `PORT`, or 0 (any) when something else answers there. */
async function freePort(): Promise<number> {
  const taken = await Promise.all(['127.0.0.1', '::1'].map(isTaken))
  return taken.includes(true) ? 0 : PORT
}

function isTaken(host: string): Promise<boolean> {
  const probe = createServer()
  return new Promise((done) => {
    probe.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'EADDRINUSE'))
    probe.listen(PORT, host, () => probe.close(() => done(false)))
  })
}

/** Starts the server and resolves with its base URL once it listens. */
async function serve(store: string): Promise<{ base: string; server: ChildProcess }> {
  const port = await freePort()
  if (port === 0) say(`Port ${PORT} is taken, so the server takes another one`)
  const args = ['serve', '--content', 'content', '--root', 'dev', '--port', String(port), '--store', store]
  const server = spawn(process.execPath, [mill, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: server.stdout })
  const base = await new Promise<string>((done, fail) => {
    server.once('exit', (code) => fail(new Error(`The server ended with ${code} before it listened`)))
    lines.on('line', (line) => {
      say(line)
      const url = /on (http:\/\/\S+)/.exec(line)?.[1]
      if (url !== undefined) done(url)
    })
  })
  return { base, server }
}

function git(app: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false']
  const { stdout, stderr, status } = spawnSync('git', [...identity, ...args], { cwd: app, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git ${args[0]} ended with ${status}: ${stderr}`)
  return stdout
}

/** A fresh copy of the fixture app, under git so that the run's changes can be shown. */
function scratchApp(): string {
  const app = join(mkdtempSync(join(tmpdir(), 'mill-demo-')), 'app')
  const skipped = /[/\\](node_modules|\.next|\.mill)([/\\]|$)/
  const fixture = join(root, 'test/fixtures/apps/nextjs-clean')
  cpSync(fixture, app, { recursive: true, filter: (path) => !skipped.test(path.slice(fixture.length)) })
  git(app, 'init', '-q')
  git(app, 'add', '-A')
  git(app, 'commit', '-q', '-m', 'The app as it was')
  return app
}

function showDiff(app: string): void {
  git(app, 'add', '-A', '-N')
  say(git(app, 'diff', '--', '.', ':(exclude)package-lock.json'))
  say(git(app, 'diff', '--stat'))
}

async function main(): Promise<number> {
  const app = scratchApp()
  const store = join(app, '..', 'store')
  heading('Build the content')
  const built = await inView(['build', '--content', 'content', '--out', join(app, '..', 'release')])
  if (built !== 0) return built
  heading('Serve it')
  const { base, server } = await serve(store)
  try {
    for (const flow of ['walking-skeleton', 'integrate-posthog']) {
      heading(`Run ${flow} on ${app}`)
      const code = await inView(['run', app, '--base', base, '--flow', flow, '--concurrency', '2'])
      if (code !== 0) return code
      if (flow === 'walking-skeleton' && git(app, 'status', '--porcelain') !== '') {
        say('walking-skeleton changed the project, and must not')
        return 1
      }
    }
    heading('What changed in the app')
    showDiff(app)
    say(`The app, its report and the run folders (.mill/runs) are in ${app}`)
    return 0
  } finally {
    server.kill('SIGINT')
  }
}

// A terminal interrupts the commands as well: the demo ends when they have.
process.on('SIGINT', () => undefined)
process.exitCode = await main()
