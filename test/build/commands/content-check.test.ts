import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { scratch, withContent, write } from './mill.ts'

const REPO = join(import.meta.dirname, '../../..')
const read = (path: string) => parse(readFileSync(join(REPO, path), 'utf8'))

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string().min(1), default: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        name: z.string(),
        if: z.string().optional(),
        shell: z.literal('bash'),
        env: z.record(z.string(), z.string()),
        run: z.string(),
      }),
    ),
  }),
})
const action = actionSchema.parse(read('.github/actions/content-check/action.yml'))
const step = (name: string) => {
  const found = action.runs.steps.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no step ${name}`)
  return found
}

/** A repository whose last commit changes what `hello/greet` may do, and the runner around it. */
function pullRequest() {
  const dir = withContent()
  const temp = scratch()
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
      cwd: dir,
      stdio: 'pipe',
    })
  const commit = () => {
    git('add', '--all')
    git('commit', '--quiet', '-m', 'a change')
  }
  git('init', '--quiet')
  commit()
  const greet = join(dir, 'content/agents/hello/greet.md')
  writeFileSync(greet, readFileSync(greet, 'utf8').replace('  - Read\n', '  - Read\n  - Bash\n'))
  commit()
  /** Runs a step as a runner does; expressions that only a runner knows come from `values`. */
  const run = (name: string, values: Readonly<Record<string, string>> = {}) => {
    const { env, run: script } = step(name)
    const filled = Object.entries(env).map(([key, value]) => {
      const text = value.replace(/\$\{\{ (.*?) \}\}/g, (_, expression: string) => {
        const input = /^inputs\.(\w+)$/.exec(expression)?.[1]
        return values[expression] ?? action.inputs[input ?? '']?.default ?? ''
      })
      return [key, text]
    })
    const given = {
      ...Object.fromEntries(filled),
      ...{ RUNNER_TEMP: temp, GITHUB_STEP_SUMMARY: join(temp, 'summary.md'), HOME: temp },
      PATH: `${temp}:${process.env.PATH}`,
    }
    // Runners stop a script at its first failure.
    const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: dir,
      env: given,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }
  return { dir, temp, run }
}

const MILL = { 'inputs.mill': `${process.execPath} ${REPO}/bin/mill.js` }

describe('the action content-check', () => {
  test('puts no expression into a script, and asks for no more than it needs', () => {
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{')
    const workflow = read('.github/workflows/content.yml')
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' })
    expect(Object.keys(workflow.on)).toEqual(['pull_request'])
    const uses = workflow.jobs.check.steps.map((one: { uses?: string }) => one.uses)
    expect(uses.at(-1)).toBe('./.github/actions/content-check')
    expect(workflow.jobs.check.steps[0].with).toEqual({ 'fetch-depth': 2, 'persist-credentials': false })
  })

  test('checks and compares what a pull request changes, writes one comment, and changes that one ever after', () => {
    const { dir, temp, run } = pullRequest()
    expect(run('Check', MILL)).toMatchObject({ status: 0, stderr: '' })
    expect(run('Compare', MILL)).toMatchObject({ status: 0, stderr: '' })
    const summary = readFileSync(join(temp, 'summary.md'), 'utf8')
    expect(summary).toMatch(/^### What changes in the built artifacts\n\nHEAD\^1 .* → HEAD /)
    expect(summary).toContain('> - `hello/greet` **gains Bash**')
    // Stands in for the network: keeps what it is asked, and answers with the ids in `comments`.
    writeFileSync(
      join(temp, 'gh'),
      `#!/bin/sh\nprintf '%s\\n' "$*" >> "${temp}/asked"\ncase "$*" in *--paginate*) cat "${temp}/comments" ;; esac\n`,
    )
    chmodSync(join(temp, 'gh'), 0o755)
    const values = { 'github.repository': 'o/r', 'github.event.pull_request.number': '7' }
    const asked = (comments: string) => {
      writeFileSync(join(temp, 'comments'), comments)
      rmSync(join(temp, 'asked'), { force: true })
      expect(run('Comment', values)).toMatchObject({ status: 0, stderr: '' })
      return readFileSync(join(temp, 'asked'), 'utf8').trim().split('\n')
    }
    const body = `-F body=@${temp}/content-comment.md`
    expect(asked('').at(-1)).toBe(`api --silent --method POST repos/o/r/issues/7/comments ${body}`)
    expect(asked('41\n42\n').at(-1)).toBe(`api --silent --method PATCH repos/o/r/issues/comments/41 ${body}`)
    expect(readFileSync(join(temp, 'content-comment.md'), 'utf8')).toMatch(
      /^<!-- mill content-check content -->\n### What changes/,
    )

    write(dir, { 'content/agents/hello/greet.md': 'no frontmatter\n' })
    const broken = run('Check', MILL)
    expect(broken.status).toBe(1)
    expect(broken.stdout).toContain('::error file=content/agents/hello/greet.md,line=1,col=1,')
  })
})
