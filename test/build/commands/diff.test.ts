import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ReleaseDiff } from '../../../build/diff/words.ts'
import { mill, SMALL, scratch, withContent, write } from './mill.ts'

const GREET = 'content/agents/hello/greet.md'

function edit(dir: string, path: string, change: (text: string) => string): void {
  writeFileSync(join(dir, path), change(readFileSync(join(dir, path), 'utf8')))
}

/** A repository with `content/` committed on `main`. */
function repository() {
  const dir = withContent()
  const env = {
    ...{ PATH: process.env.PATH, HOME: dir, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.org' },
    ...{ GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@example.org' },
  }
  const git = (...args: string[]) => execFileSync('git', args, { cwd: dir, env, encoding: 'utf8' }).trim()
  git('init', '--quiet', '--initial-branch=main')
  const commit = () => {
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '-m', 'a change')
    return git('rev-parse', 'HEAD')
  }
  commit()
  return { dir, git, commit }
}

async function json(dir: string, ...args: string[]): Promise<ReleaseDiff> {
  const { out, error } = await mill(dir, 'diff', ...args, '--format', 'json')
  expect(error).toBeUndefined()
  return JSON.parse(out)
}

describe('mill diff', () => {
  test('compares refs without a checkout, the work tree, a built folder and a release of the store', async () => {
    const { dir, git, commit } = repository()
    git('checkout', '--quiet', '-b', 'experiment/short')
    edit(dir, GREET, (text) => text.replace('  - Read\n', '  - Read\n  - Bash\n'))
    const tip = commit()
    await mill(dir, 'build', '--out', 'dist', '--store', 'store')
    git('checkout', '--quiet', 'main')

    const [release = ''] = readdirSync(join(dir, 'store/releases')).map((name) => name.replace('.json', ''))
    for (const after of ['experiment/short', tip, tip.slice(0, 8), 'dist', release, release.slice(0, 8)]) {
      const diff = await json(dir, 'main', after, '--store', 'store')
      expect(diff.after).toEqual({ name: after, release, errors: 0 })
      expect(diff.surfaces.map(({ surface, items }) => [surface, items.map(({ name }) => name)])).toEqual([
        ['agents', ['hello/greet']],
      ])
      const [greet] = diff.surfaces[0]?.items ?? []
      expect(greet?.facts).toEqual([{ fact: 'allowedTools', gained: ['Bash'], lost: [] }])
      expect(greet?.files[0]?.hunks?.[0]?.lines).toContainEqual(
        expect.stringMatching(/^\+allowedTools: \[Read, Bash, /),
      )
    }
    expect(git('status', '--porcelain', '--untracked-files=no')).toBe('')
    expect((await json(dir, 'main', 'content')).surfaces).toEqual([])
  })

  test('shows example apps and documents beside the content as they are in the commit', async () => {
    const { dir, git, commit } = repository()
    write(dir, {
      'apps/a/x.js': 'one()\n',
      'notes/n.md': '# Note\n\nOld.\n',
      'content/skills/shown/t.md': '# {display_name}\n\n{references}\n',
      'content/skills/shown/config.yaml':
        'template: t.md\ndescription: Shown\nvariants:\n  - id: all\n    display_name: Shown\n    example_paths: apps/a\n    docs_urls: [../../../notes/n.md]\n',
    })
    const before = commit()
    write(dir, { 'apps/a/x.js': 'two()\n', 'notes/n.md': '# Note\n\nNew.\n' })
    const after = commit()
    git('rm', '-rq', 'apps', 'notes')
    const { surfaces } = await json(dir, before, after)
    const [shown, ...others] = surfaces.flatMap(({ items }) => items)
    expect(others).toEqual([])
    expect(shown?.files.map(({ path }) => path)).toEqual(['references/EXAMPLE.md', 'references/n.md'])
  })

  test('tells every surface that a change reaches', async () => {
    const dir = withContent()
    edit(dir, 'content/skills/farewell/config.yaml', (text) => `${text}tags: [polite]\n`)
    edit(dir, GREET, (text) => text.replace(/^model:.*$/m, 'model: m2').replace('  - plain-notes\n', ''))
    rmSync(join(dir, 'content/skills/plain-notes'), { recursive: true })
    edit(dir, 'content/commandments.yaml', (text) => text.replace('all:\n', 'all:\n  - Never shout.\n'))
    write(dir, { 'content/skills/extra/SKILL.md': '---\nname: extra\ndescription: Extra\n---\n# Extra\n' })
    const { out } = await mill(dir, 'diff', SMALL, 'content')
    expect(out).toMatch(/Agent prompts\n {2}~ hello\/greet .*\n(.*\n)*? {6}model: .* → m2\n/)
    expect(out).toContain('      no longer uses plain-notes\n')
    expect(out).toMatch(/Skills\n(.*\n)*? {2}\+ extra .*\n(.*\n)*? {2}- plain-notes\n/)
    expect(out).toMatch(/Manifest resources\n(.*\n)*? {2}- plain-notes\n/)
    expect(out).toContain('+- Never shout.')
    expect(out.match(/\+- Never shout\./g)).toHaveLength(1)
    expect(out).toContain(', as in ')
    expect(out).toMatch(/\n2 added, 2 removed, 5 changed\n$/)
  })

  test('ends with 0 whatever differs, and with 1 only when asked to', async () => {
    const dir = withContent()
    expect(await mill(dir, 'diff', SMALL, 'content', '--exit-code')).toMatchObject({ code: 0 })
    edit(dir, GREET, (text) => `${text}\nMore.\n`)
    expect(await mill(dir, 'diff', SMALL, 'content')).toMatchObject({ code: 0 })
    expect(await mill(dir, 'diff', SMALL, 'content', '--exit-code')).toMatchObject({ code: 1 })
  })

  test('compares what is sound of a tree with errors, and says so', async () => {
    const dir = withContent()
    edit(dir, GREET, (text) => text.replace('type: greet', 'type: grete'))
    const { out, code } = await mill(dir, 'diff', SMALL, 'content')
    expect(out).toMatch(/content \(release [0-9a-f]{12}, 1 error: what is broken is left out\)/)
    expect([out.includes('  - hello/greet'), code]).toEqual([true, 0])
    rmSync(join(dir, 'content'), { recursive: true })
    write(dir, { 'content/agents/readme.md': 'x' })
    expect((await mill(dir, 'diff', SMALL, 'content')).out).toContain(
      'content (nothing that can be served, 1 error',
    )
  })

  test('refuses a name that means nothing, or two things', async () => {
    const { dir, git } = repository()
    expect((await mill(dir, 'diff', 'main', 'mian')).error).toMatchObject({
      code: 'diff/side',
      exit: 2,
      message: expect.stringMatching(/^Cannot compare "mian": expected a folder, a git ref, or /),
    })
    git('branch', 'content')
    expect((await mill(dir, 'diff', 'main', 'content')).error?.message).toBe(
      'Cannot compare "content": it is a folder and a ref, expected ./<folder>, refs/heads/<branch> or all 64 digits of a release',
    )
    expect((await mill(dir, 'diff', 'refs/heads/content', './content')).out).toContain('the same release')
    const outside = scratch()
    for (const name of ['main', '--help=x', 'a\nb', 'HEAD:content', '$(id)', '--upload-pack=x']) {
      const { error } = await mill(outside, 'diff', '--', './', name)
      expect(error?.code).toMatch(/^(diff\/side|content\/not-found|diff\/folder)$|discover/)
    }
  })

  test('refuses a commit without the content folder, and a release folder that was changed', async () => {
    const { dir, git, commit } = repository()
    renameSync(join(dir, 'content'), join(dir, 'moved'))
    commit()
    git('checkout', '--quiet', 'HEAD~1')
    expect((await mill(dir, 'diff', 'main', 'HEAD')).error).toMatchObject({ code: 'diff/ref', exit: 2 })
    await mill(dir, 'build', '--out', 'dist')
    edit(dir, 'dist/agents-hello-greet.md', (text) => `${text} `)
    expect((await mill(dir, 'diff', 'HEAD', 'dist')).error).toMatchObject({
      code: 'diff/folder',
      message: expect.stringContaining('"agents-hello-greet.md" has another digest than SHA256SUMS says'),
    })
    writeFileSync(join(dir, 'dist/SHA256SUMS'), `${'0'.repeat(64)}  ../content/x\n`)
    expect((await mill(dir, 'diff', 'HEAD', 'dist')).error).toMatchObject({ code: 'diff/folder' })
  })
})

test('mill diff tells the same of two releases of a store, two folders and two refs, in every format', async () => {
  const { dir, git, commit } = repository()
  const before = git('rev-parse', 'HEAD')
  const stored = async (out: string) => {
    const built = await mill(dir, 'build', '--out', out, '--store', 'store')
    return /^release ([0-9a-f]{64})/.exec(built.out)?.[1] ?? ''
  }
  const releases = [await stored('one')]
  edit(dir, GREET, (text) => text.replace('  - Read\n', '  - Read\n  - Bash\n'))
  releases.push(await stored('two'))
  for (const pair of [releases, ['one', 'two'], [before, commit()]]) {
    const diff = async (format: string) => {
      const { out, error } = await mill(dir, 'diff', ...pair, '--store', 'store', '--format', format)
      expect(error).toBeUndefined()
      return out
    }
    expect(JSON.parse(await diff('json'))).toMatchObject({
      before: { release: releases[0], errors: 0 },
      after: { release: releases[1], errors: 0 },
      surfaces: [{ surface: 'agents', items: [{ name: 'hello/greet', facts: [{ gained: ['Bash'] }] }] }],
    })
    expect(await diff('text')).toMatch(/\nAgent prompts\n {2}~ hello\/greet [\s\S]*\n1 changed\n$/)
    expect(await diff('markdown')).toMatch(/^### What changes[\s\S]*> - `hello\/greet` \*\*gains Bash\*\*/)
  }
})
